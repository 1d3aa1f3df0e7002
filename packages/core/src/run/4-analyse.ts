import { createShiftAnalysis } from "@unshift/analysis";
import { type Table, UnshiftError } from "@unshift/contracts";
import type { Analysis, RunStore, ShiftInput } from "@unshift/contracts/services";
import type { ManifestExperiment, StoredRun } from "./stored-run.js";

/**
 * Stage 4: tables from what is stored, the shift tables first, then those of plugins. Deterministic: the same records give the
 * same bytes.
 */
export async function analyse(run: StoredRun, analyses: readonly Analysis[], store: RunStore): Promise<Table[]> {
  const experiment = run.manifest.experiment as unknown as ManifestExperiment;
  const shifts: ShiftInput[] = [];
  const onDisk = await store.positionKeys();
  for (const shift of run.shifts) {
    // A run that was killed while it scored may hold records whose rows did not reach the disk: they are not there yet.
    const comparisons = shift.comparisons.filter(({ key, positions }) => positions === 0 || onDisk.has(key));
    const keys = new Set(comparisons.filter(({ positions }) => positions > 0).map(({ key }) => key));
    const columns = await store.shiftColumns(shift.id, keys);
    const specialIds = new Set<number>();
    for (const id of columns.tokenText.keys()) {
      if (run.token(shift.answers, id).special) {
        specialIds.add(id);
      }
    }
    shifts.push({ ...shift, comparisons, columns, specialIds });
  }
  const input = {
    samples: run.samples,
    answers: run.answers,
    verdicts: run.verdicts,
    shifts,
    systems: run.systems.map(({ id }) => id),
    seed: experiment.seed,
  };
  const tables: Table[] = [];
  for (const analysis of [createShiftAnalysis(), ...analyses]) {
    for (const table of await analysis.analyse(input)) {
      if (tables.some(({ name }) => name === table.name)) {
        throw new UnshiftError("PLUGIN_CLASH", `two analyses make a table ${JSON.stringify(table.name)}`, {
          hint: "A plugin's tables carry names of their own: acme_curves.",
        });
      }
      tables.push(table);
    }
  }
  await store.writeTables(tables);
  return tables;
}
