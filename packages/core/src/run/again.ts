import { type Table, UnshiftError } from "@unshift/contracts";
import type { Analysis, Reporter, RunStore } from "@unshift/contracts/services";
import type { PluginRegistry } from "../plugins/plugin-registry.js";
import { analyse } from "./4-analyse.js";
import { report } from "./5-report.js";
import { tellMissingVerdicts } from "./missing-verdicts.js";
import type { RunServices } from "./run-services.js";
import { readRun, type StoredRun } from "./stored-run.js";

type AgainServices = Pick<RunServices, "registry" | "store" | "events" | "signal" | "log">;

/** Computes the tables of a run folder anew; no model is opened. */
export async function analyseAgain(folder: string, services: AgainServices): Promise<Table[]> {
  const store = await services.store.open(folder);
  try {
    const run = await readRun(store);
    await requireComplete(run, store);
    tellMissingVerdicts(run, services.events);
    const stored = run.manifest.experiment["analyses"] as readonly {
      readonly use: string;
      readonly options: Record<string, never>;
    }[];
    const analyses: Analysis[] = [];
    for (const [index, { use, options }] of stored.entries()) {
      analyses.push(await create<Analysis>(services, "analyses", use, options, folder, ["analyses", index]));
    }
    return await analyse(run, analyses, store, services.signal);
  } finally {
    await store.close();
  }
}

/** Draws a run folder anew from its tables. Returns the paths written; throws REPORT_FAILED where a reporter failed. */
export async function reportAgain(
  folder: string,
  formats: readonly string[] | null,
  services: AgainServices,
): Promise<readonly string[]> {
  const store = await services.store.open(folder);
  try {
    const run = await readRun(store);
    await requireComplete(run, store);
    tellMissingVerdicts(run, services.events);
    const stored = run.manifest.experiment["report"] as { readonly formats: readonly string[] };
    const reporters: { format: string; reporter: Reporter }[] = [];
    for (const [index, format] of (formats ?? stored.formats).entries()) {
      const path = ["report", "formats", index];
      reporters.push({ format, reporter: await create<Reporter>(services, "reporters", format, {}, folder, path) });
    }
    const tables = await store.tables();
    if (tables.length === 0) {
      throw new UnshiftError("RUN_NOT_FOUND", `${folder} has no tables yet`, {
        hint: "Run `unshift analyse` on it first, or finish the run.",
      });
    }
    const { paths, failed } = await report(run, tables, reporters, store, services);
    const [first] = failed;
    if (first !== undefined) {
      throw new UnshiftError("REPORT_FAILED", `reporter "${first.format}" failed: ${first.message}`, {
        hint: "`--verbose` shows its stack; the run's log keeps it.",
      });
    }
    return paths;
  } finally {
    await store.close();
  }
}

/** Refuses a folder with holes: tables over half of a run would look like results. Throws RUN_UNFINISHED. */
async function requireComplete(run: StoredRun, store: RunStore): Promise<void> {
  const samples = Number(run.manifest.dataset["samples"]);
  const onDisk = await store.positionKeys();
  const comparisons = run.shifts.flatMap((shift) => shift.comparisons);
  const missing = [
    ["samples", samples - run.samples.length],
    ["answers", samples * run.systems.length - run.answers.length],
    ["comparisons", samples * run.shifts.length - comparisons.length],
    ["comparisons' positions", comparisons.filter(({ key, positions }) => positions > 0 && !onDisk.has(key)).length],
  ] as const;
  const holes = missing.filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`);
  if (holes.length > 0) {
    throw new UnshiftError("RUN_UNFINISHED", `${store.folder} lacks ${holes.join(", ")}`, {
      hint: "Give the `unshift run` command again: it fills in what is missing and keeps what is there.",
    });
  }
}

function create<Thing>(
  services: AgainServices,
  kind: Parameters<PluginRegistry["create"]>[0],
  use: string,
  options: Record<string, never>,
  folder: string,
  path: readonly (string | number)[],
): Promise<Thing> {
  const where = () => ({ file: `${folder}/manifest.json` });
  return services.registry.create<Thing>(kind, { use, options, path, folder }, where, {
    log: services.log,
    signal: services.signal,
  });
}
