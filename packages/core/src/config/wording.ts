import type { Json } from "@unshift/contracts";
import { distance } from "fastest-levenshtein";
import type { ConfigPath } from "./experiment.js";

/** `systems.urial.decoding`, `shifts[0].subjects[1]`; the whole file for an empty path. */
export function dotted(path: ConfigPath): string {
  if (path.length === 0) return "the experiment";
  return path.map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}

/** A found value with its type: `"hot" (string)`, `a list of 3`. Long text is cut. */
export function describe(value: unknown): string {
  if (value === null) return "nothing (null)";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object") {
    const keys = Object.keys(value);
    if (keys.length === 0) return "an empty map";
    return `a map with ${keys.slice(0, 4).join(", ")}${keys.length > 4 ? ", …" : ""}`;
  }
  if (typeof value === "string")
    return `${JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value)} (string)`;
  return `${String(value)} (${typeof value})`;
}

/** The candidate a person most likely meant, or null where none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const wanted = name.toLowerCase();
  const names = [...candidates];
  const abbreviated = wanted.length < 3 ? [] : names.filter((candidate) => candidate.toLowerCase().startsWith(wanted));
  if (abbreviated.length === 1) return abbreviated[0] ?? null;
  const reach = Math.max(2, Math.floor(name.length / 3));
  let best: string | null = null;
  let bestDistance = reach + 1;
  for (const candidate of names) {
    const apart = distance(wanted, candidate.toLowerCase());
    // A short name is near to everything: at least one letter must be shared.
    if (apart < bestDistance && apart < Math.max(wanted.length, candidate.length)) {
      best = candidate;
      bestDistance = apart;
    }
  }
  return best;
}

/** ` Did you mean "model"?`, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = nearest(name, candidates);
  return near === null ? "" : ` Did you mean "${near}"?`;
}

/** `a, b, c`; past thirty names the rest is counted. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return "none";
  return names.length > 30 ? `${names.slice(0, 30).join(", ")} and ${names.length - 30} more` : names.join(", ");
}

/** `"a", 1, null` for values a schema enumerates. */
export function listedValues(values: readonly Json[]): string {
  return values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(", ");
}
