import { summariseShift, summariseSystem } from "@unshift/analysis";
import { shiftId, UnshiftError } from "@unshift/contracts";
import { type RunOutcome, runExperiment } from "@unshift/core";
import { relative } from "node:path";
import { interruptSignal } from "../interrupt.js";
import { percent, percentInterval } from "../output/format.js";
import { print, printJson } from "../output/print.js";
import { textTable } from "../output/text-table.js";
import { type ExperimentArguments, pluginRegistry, readExperiment, runServices } from "../run-services.js";

export async function runAction(
  args: ExperimentArguments & { readonly json: boolean; readonly verbose: boolean; readonly failOn?: number | undefined },
): Promise<void> {
  const loaded = await readExperiment(args);
  const services = runServices(await pluginRegistry(loaded), { verbose: args.verbose, signal: interruptSignal() });
  let outcome: RunOutcome;
  try {
    outcome = await runExperiment(loaded, services);
  } finally {
    services.stop();
  }
  const summary = summaryOf(outcome);
  if (args.json) {
    printJson(summary);
  } else {
    printSummary(summary, outcome);
  }
  const failed = countFailed(outcome);
  if (args.failOn !== undefined && failed > 0 && failed >= args.failOn) {
    throw new UnshiftError("SAMPLES_FAILED", `${failed} items failed; --fail-on allows fewer than ${args.failOn}`, {
      hint: `The reasons are in ${outcome.folder}.`,
    });
  }
}
