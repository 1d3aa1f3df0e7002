import { type Table, UnshiftError } from "@unshift/contracts";
import type { Analysis, Reporter } from "@unshift/contracts/services";
import type { PluginRegistry } from "../plugins/plugin-registry.js";
import { analyse } from "./4-analyse.js";
import { report } from "./5-report.js";
import type { RunServices } from "./run-services.js";
import { readRun } from "./stored-run.js";

type AgainServices = Pick<RunServices, "registry" | "store" | "events" | "signal" | "log">;

/** Computes the tables of a run folder anew; no model is opened. */
export async function analyseAgain(folder: string, services: AgainServices): Promise<Table[]> {
  const store = await services.store.open(folder);
  try {
    const run = await readRun(store);
    const stored = run.manifest.experiment["analyses"] as readonly {
      readonly use: string;
      readonly options: Record<string, never>;
    }[];
    const analyses: Analysis[] = [];
    for (const [index, { use, options }] of stored.entries()) {
      analyses.push(await create<Analysis>(services, "analyses", use, options, folder, ["analyses", index]));
    }
    return await analyse(run, analyses, store);
  } finally {
    await store.close();
  }
}

/** Draws a run folder anew from its tables. Returns the paths written. */
export async function reportAgain(
  folder: string,
  formats: readonly string[] | null,
  services: AgainServices,
): Promise<string[]> {
  const store = await services.store.open(folder);
  try {
    const run = await readRun(store);
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
    return await report(run, tables, reporters, store, services);
  } finally {
    await store.close();
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
