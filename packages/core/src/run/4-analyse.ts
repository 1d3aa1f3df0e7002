import { type Table, UnshiftError } from "@unshift/contracts";
import type { Analysis, RunStore, ShiftInput } from "@unshift/contracts/services";
import { throwIfAborted } from "./aborted.js";
import type { ManifestExperiment, StoredRun } from "./stored-run.js";

/**
 * Stage 4: tables from what is stored, the shift tables first, then those of plugins. Deterministic: the same records give the
 * same bytes.
 */
export async function analyse(
  run: StoredRun,
  analyses: readonly Analysis[],
  store: RunStore,
  signal: AbortSignal,
): Promise<Table[]> {
  const experiment = run.manifest.experiment as unknown as ManifestExperiment;
  const shifts: ShiftInput[] = [];
  for (const shift of run.shifts) {
    throwIfAborted(signal);
    const keys = new Set(shift.comparisons.filter(({ positions }) => positions > 0).map(({ key }) => key));
    const columns = await store.shiftColumns(shift.id, keys);
    const specialIds = new Set<number>();
    for (const id of columns.tokenText.keys()) {
      if (run.token(shift.answers, id).special) {
        specialIds.add(id);
      }
    }
    shifts.push({ ...shift, columns, specialIds });
  }
  const input = {
    samples: run.samples,
    answers: run.answers,
    verdicts: run.verdicts,
    shifts,
    systems: run.systems.map(({ id }) => id),
    judges: [...experiment.judges, ...(experiment.annotators ?? [])].map((judge) => ({
      aspects: [],
      repeat: 1,
      ...judge,
    })),
    seed: experiment.seed,
  };
  const tables: Table[] = [];
  // Loaded here: commands that list, plan or render have no use for it.
  const { createShiftAnalysis } = await import("@unshift/analysis");
  for (const analysis of [createShiftAnalysis(), ...analyses]) {
    throwIfAborted(signal);
    for (const table of await analysis.analyse(input)) {
      if (tables.some(({ name }) => name === table.name)) {
        throw new UnshiftError("PLUGIN_CLASH", `two analyses make a table ${JSON.stringify(table.name)}`, {
          hint: "A plugin's tables carry names of their own: acme_curves.",
        });
      }
      tables.push(table);
    }
  }
  throwIfAborted(signal);
  await store.writeTables(tables);
  return tables;
}
