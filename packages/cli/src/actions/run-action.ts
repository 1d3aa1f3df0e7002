import { UnshiftError } from "@unshift/contracts";
import { runExperiment } from "@unshift/core";
import { interruptSignal } from "../interrupt.js";
import { printJson } from "../output/print.js";
import { type ExperimentArguments, pluginRegistry, readExperiment, runServices } from "../run-services.js";
import { printRunSummary } from "./print-run-summary.js";
import { runSummary } from "./run-summary.js";

export async function runAction(
  args: ExperimentArguments & {
    readonly json: boolean;
    readonly verbose: boolean;
    readonly failOn?: number | undefined;
  },
): Promise<void> {
  const loaded = await readExperiment(args);
  const services = runServices(await pluginRegistry(loaded), { verbose: args.verbose, signal: interruptSignal() });
  const outcome = await runExperiment(loaded, services).finally(() => services.stop());
  const summary = runSummary(outcome);
  const failed =
    [...outcome.answers, ...outcome.comparisons].filter(({ status }) => status === "failed").length +
    outcome.verdicts.filter(({ judgement }) => judgement.status === "failed").length;
  if (args.failOn !== undefined && failed > 0 && failed >= args.failOn) {
    throw new UnshiftError("SAMPLES_FAILED", `${failed} items failed; --fail-on ${args.failOn} asked to be told`, {
      hint: `Everything that was computed, and the reasons, are in ${outcome.folder}.`,
    });
  }
  if (args.json) {
    printJson(summary);
  } else {
    printRunSummary(summary, outcome);
  }
}
