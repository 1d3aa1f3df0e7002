import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type JsonObject, UnshiftError } from "@unshift/contracts";
import { type Manifest, runFormat } from "@unshift/contracts/services";
import { writeFileDurably } from "./durable-file.js";
import { describeDifferences, differences, differencesInCommon } from "./experiment-difference.js";
import { jsonErrorLine } from "./json-error-line.js";
import { hasCode, readFault } from "./storage-fault.js";

export const manifestName = "manifest.json";

const fields: Readonly<Record<Exclude<keyof Manifest, "fixed">, "string" | "number" | "object" | "list">> = {
  format: "number",
  name: "string",
  experimentKey: "string",
  unshiftVersion: "string",
  createdAt: "string",
  experimentText: "string",
  experiment: "object",
  plugins: "list",
  models: "object",
  engine: "string",
  numerics: "string",
  machine: "object",
  dataset: "object",
  notes: "list",
};

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "list" : value === null ? "null" : typeof value;
}

/** The first field that is missing or of another type. */
function faultyField(value: object): string | null {
  for (const [name, type] of Object.entries(fields)) {
    const found = typeOf((value as Record<string, unknown>)[name]);
    if (found !== type) return `"${name}" should be ${type === "object" ? "an" : "a"} ${type}, found ${found}`;
  }
  return null;
}

function corrupt(path: string, line: number, what: string): UnshiftError {
  return new UnshiftError("RUN_CORRUPT", `${path} is damaged: ${what}.`, {
    where: { file: path, line },
    hint: "Restore the file from a copy, or choose another output folder.",
  });
}

function parse(text: string, path: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corrupt(path, jsonErrorLine(text), error instanceof Error ? error.message : "not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw corrupt(path, 1, "not a JSON object");
  // The format is looked at first: a newer one may have other fields.
  const format: unknown = "format" in value ? value.format : undefined;
  if (typeof format === "number" && format > runFormat) {
    throw new UnshiftError(
      "RUN_NEWER_FORMAT",
      `${dirname(path)} has run format ${format}; this version reads formats up to ${runFormat}.`,
      { where: { file: path }, hint: "Update Unshift, or choose another output folder." },
    );
  }
  const faulty = faultyField(value);
  if (faulty !== null) throw corrupt(path, 1, faulty);
  if (!Number.isInteger(format) || Number(format) < 1)
    throw corrupt(path, 1, `"format" ${String(format)} never existed`);
  return value as Manifest;
}

/** The manifest of a run folder, or null where there is none. Throws RUN_NEWER_FORMAT, RUN_CORRUPT with the line. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const path = join(folder, manifestName);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw readFault(error, path);
  }
  return parse(text, path);
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFileDurably(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** What a manifest says about the experiment besides its own text; named only where the experiments themselves agree. */
function surroundings(manifest: Manifest): JsonObject {
  const { engine, numerics, models, dataset, plugins } = manifest;
  return { engine, numerics, models, dataset, plugins: plugins.map(({ name, version }) => `${name}@${version}`) };
}

/** RUN_OTHER_EXPERIMENT where a folder's manifest is of another experiment than `wanted`, saying what differs. */
export function refuseOtherExperiment(folder: string, found: Manifest, wanted: Manifest): void {
  if (found.experimentKey === wanted.experimentKey) return;
  const both = found.fixed !== undefined && wanted.fixed !== undefined;
  const changed = both
    ? differencesInCommon(found.fixed, wanted.fixed)
    : differences(found.experiment, wanted.experiment);
  if (both && changed.length === 0) return;
  const what = changed.length > 0 ? changed : differences(surroundings(found), surroundings(wanted));
  const lines = what.length > 0 ? describeDifferences(what) : ["only their keys differ (another version of Unshift)"];
  throw new UnshiftError(
    "RUN_OTHER_EXPERIMENT",
    [`${folder} holds another experiment ("${found.name}"); nothing was overwritten. What differs:`, ...lines].join(
      "\n  ",
    ),
    {
      where: { file: join(folder, manifestName) },
      hint: "Choose another output folder, or delete this one if its results are not needed.",
    },
  );
}
