import type { Json, JsonObject } from "@unshift/contracts";
import { count } from "./format.js";

/** Digits of a hash that a reader compares by eye; the manifest on the Method page holds all of them. */
const hashDigits = 12;
const platforms: Readonly<Record<string, string>> = { linux: "Linux", darwin: "macOS", win32: "Windows" };
/** Most entries of a list that are spelled out. */
const listed = 3;

/** A model by what it is: `builtin:tiny-base · llama · 1.6 M parameters · F16 · vocabulary of 2,048 · sha256 4d617320d0da`. */
export function modelLine(model: JsonObject): string {
  const { source, architecture, parameters, vocabularySize, contextSize, description, fileHash } = model;
  const family = typeof architecture === "string" ? architecture : null;
  return facts([
    typeof source === "string" ? source : null,
    family,
    typeof parameters === "number" ? `${parameterText(parameters)} parameters` : null,
    typeof description === "string" ? weightFormat(description, family) : null,
    typeof vocabularySize === "number" ? `vocabulary of ${count(vocabularySize)}` : null,
    typeof contextSize === "number" ? `context of ${count(contextSize)} tokens` : null,
    typeof fileHash === "string" ? hashText(fileHash) : null,
  ]);
}

/** `Linux x64 · Intel Xeon · 2 cores · 24 GB · Node 20.20.2`, then whatever else is told of the machine. */
export function machineLine({
  platform,
  arch,
  cpu,
  logicalCores,
  memoryBytes,
  node,
  release,
  ...rest
}: JsonObject): string {
  const name = typeof platform === "string" ? (platforms[platform] ?? platform) : null;
  return facts([
    name === null ? null : typeof arch === "string" ? `${name} ${arch}` : name,
    typeof cpu === "string" ? cpu : null,
    typeof logicalCores === "number" ? `${count(logicalCores)} ${logicalCores === 1 ? "core" : "cores"}` : null,
    typeof memoryBytes === "number" ? `${count(Math.round(memoryBytes / 1024 ** 3))} GB` : null,
    typeof node === "string" ? `Node ${node}` : null,
    shortFacts(rest),
  ]);
}

/** Where the samples came from: `builtin · sha256 9111106f15cf · count 87`. */
export function datasetLine({ use, id, samples, available, provenance, ...rest }: JsonObject): string {
  const isLimited = typeof available === "number" && typeof samples === "number" && samples < available;
  return facts([
    typeof use === "string" ? use : typeof id === "string" ? id : null,
    isLimited ? `of ${count(available)} available` : null,
    isObject(provenance) ? shortFacts(provenance) : null,
    shortFacts(rest),
  ]);
}

/** An object as facts on one line: names as words, hashes by their first digits, long lists by their length. */
export function shortFacts(value: JsonObject): string {
  return facts(Object.entries(value).map(([name, entry]) => fact(name, entry)));
}

function fact(name: string, value: Json | undefined): string | null {
  if (value === null || value === undefined) return null;
  const words = name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  if (typeof value === "string") return isHash(value) ? hashText(value) : `${words} ${value}`;
  if (typeof value === "number") return `${words} ${Number.isInteger(value) ? count(value) : value}`;
  if (typeof value === "boolean") return `${words} ${value ? "yes" : "no"}`;
  if (!Array.isArray(value)) return isObject(value) ? shortFacts(value) : null;
  if (value.length === 0) return null;
  if (value.length > listed) return `${count(value.length)} ${words}`;
  return value
    .map((entry) =>
      isObject(entry) ? Object.values(entry).map(scalarText).filter(Boolean).join(" ") : scalarText(entry),
    )
    .join(", ");
}

function scalarText(value: Json | undefined): string {
  if (typeof value === "string") return isHash(value) ? hashText(value) : value;
  return typeof value === "number" ? count(value) : "";
}

/** What a description tells beyond architecture and size: `llama 7B Q4_K - Medium` → `Q4_K - Medium`, `llama ?B F16` → `F16`. */
function weightFormat(description: string, architecture: string | null): string {
  return description
    .split(" ")
    .filter((word) => word !== architecture && !/^(?:\?|[\d.]+)[KMBT]$/.test(word))
    .join(" ");
}

function parameterText(parameters: number): string {
  if (parameters >= 1e9) return `${(parameters / 1e9).toFixed(1)} B`;
  return parameters >= 1e6 ? `${(parameters / 1e6).toFixed(1)} M` : count(parameters);
}

function isHash(text: string): boolean {
  return /^(?:sha256:)?[0-9a-f]{40,64}$/.test(text);
}

function hashText(hash: string): string {
  const digits = hash.replace(/^sha256:/, "");
  return `${digits.length === 40 ? "commit" : "sha256"} ${digits.slice(0, hashDigits)}`;
}

function facts(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== "").join(" · ");
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
