import { basename, resolve } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { type ManifestExperiment, readRun, type StoredRun } from "@unshift/core";
import { createStore } from "@unshift/store";
import { usageError } from "../output/failure.js";

/** A run folder read for a comparison. */
export interface OpenedRun {
  /** What its systems are called after: `label/system`. */
  readonly label: string;
  readonly folder: string;
  readonly experiment: ManifestExperiment;
  readonly run: StoredRun;
  /** Judge id → identities of the engines whose replies its verdicts were read from. */
  readonly engines: ReadonlyMap<string, readonly string[]>;
}

/** Reads run folders; no model is opened and nothing is written. Throws RUN_…, USAGE for a folder given twice. */
export async function openRuns(paths: readonly string[]): Promise<readonly OpenedRun[]> {
  const folders = paths.map((path) => resolve(path));
  const labels = labelsOf(paths);
  const twice = folders.find((folder, i) => folders.indexOf(folder) !== i);
  if (twice !== undefined) throw usageError(`${twice} is given twice`);
  const opened: OpenedRun[] = [];
  for (const [i, folder] of folders.entries()) opened.push(await openRun(folder, labels[i] ?? folder));
  return opened;
}

/** The folders' names where they tell the runs apart, else the paths as they were given. */
function labelsOf(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) => basename(resolve(path)));
  return new Set(names).size === names.length ? names : paths.map((path) => path.replace(/\/+$/, ""));
}

async function openRun(folder: string, label: string): Promise<OpenedRun> {
  const store = await createStore().open(folder, { readOnly: true });
  try {
    const run = await readRun(store);
    requireAnswers(run, folder);
    const engineOf = new Map(
      run.verdicts.some(({ replies }) => replies !== undefined)
        ? (await store.replies()).map(({ key, engine }) => [key, engine])
        : [],
    );
    const engines = new Map<string, Set<string>>();
    for (const { judge, replies = [] } of run.verdicts) {
      const found = engines.get(judge) ?? new Set<string>();
      for (const key of replies) {
        const engine = engineOf.get(key);
        if (engine !== undefined) found.add(engine);
      }
      engines.set(judge, found);
    }
    return {
      label,
      folder,
      experiment: run.manifest.experiment as unknown as ManifestExperiment,
      run,
      engines: new Map([...engines].map(([judge, found]) => [judge, [...found].sort()])),
    };
  } finally {
    await store.close();
  }
}

/** Half a run would look like a result. */
function requireAnswers(run: StoredRun, folder: string): void {
  const samples = Number(run.manifest.dataset["samples"]);
  const missing = samples * run.systems.length - run.answers.length;
  if (missing > 0) {
    throw new UnshiftError("RUN_UNFINISHED", `${folder} lacks ${missing} answers`, {
      hint: "Give the `unshift run` command again: it fills in what is missing and keeps what is there.",
    });
  }
}
