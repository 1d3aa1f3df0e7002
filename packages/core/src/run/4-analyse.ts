import type { Table } from "@unshift/contracts";
import type { Analysis, RunStore, ShiftInput } from "@unshift/contracts/services";
import type { ManifestExperiment, StoredRun } from "./stored-run.js";

/** Stage 4: tables from what is stored. Deterministic: the same records give the same bytes. */
export async function analyse(run: StoredRun, analyses: readonly Analysis[], store: RunStore): Promise<Table[]> {
  const experiment = run.manifest.experiment as unknown as ManifestExperiment;
  const shifts: ShiftInput[] = [];
  for (const shift of run.shifts) {
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
  const tables: Table[] = [];
  for (const analysis of analyses) {
    tables.push(
      ...(await analysis.analyse({
        samples: run.samples,
        answers: run.answers,
        verdicts: run.verdicts,
        shifts,
        systems: run.systems.map(({ id }) => id),
        seed: experiment.seed,
      })),
    );
  }
  await store.writeTables(tables);
  return tables;
}
