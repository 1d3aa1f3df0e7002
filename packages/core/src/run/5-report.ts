import type { Table } from "@unshift/contracts";
import type { Reporter, ReportFile, RunStore } from "@unshift/contracts/services";
import { throwIfAborted } from "./aborted.js";
import type { RunServices } from "./run-services.js";
import type { StoredRun } from "./stored-run.js";

export interface ReportOutcome {
  /** Absolute paths of what was written. */
  readonly paths: readonly string[];
  readonly failed: readonly { readonly format: string; readonly message: string }[];
}

/** Stage 5: draws the run. A reporter that fails costs its own files only, and is named in the outcome. */
export async function report(
  run: StoredRun,
  tables: readonly Table[],
  reporters: readonly { readonly format: string; readonly reporter: Reporter }[],
  store: RunStore,
  services: Pick<RunServices, "events" | "log" | "signal">,
): Promise<ReportOutcome> {
  const keys = new Map(
    run.shifts.flatMap(({ comparisons }) =>
      comparisons.map((record) => [`${record.shift}\0${record.sampleId}`, record.key]),
    ),
  );
  const paths: string[] = [];
  const failed: { format: string; message: string }[] = [];
  for (const { format, reporter } of reporters) {
    throwIfAborted(services.signal);
    services.events.stage("report", format, 1, 0);
    let files: readonly ReportFile[];
    try {
      files = await reporter.render({
        manifest: run.manifest,
        samples: run.samples,
        systems: run.systems,
        answers: run.answers,
        verdicts: run.verdicts,
        shifts: run.shifts.map((shift) => ({
          ...shift,
          positions: (sampleId) => store.positionsOf(shift.id, sampleId, keys.get(`${shift.id}\0${sampleId}`) ?? ""),
        })),
        tables,
        token: run.token,
      });
    } catch (error) {
      services.events.tick("failed");
      const message = error instanceof Error ? error.message : String(error);
      services.events.note(`reporter "${format}" failed: ${message}`);
      services.log("debug", error instanceof Error ? (error.stack ?? message) : message);
      failed.push({ format, message });
      continue;
    }
    // Writing is ours, not the reporter's: a full disk ends the run.
    for (const file of files) {
      paths.push(await store.writeReport(file.name, file.content));
    }
    services.events.tick("done");
  }
  return { paths, failed };
}
