import { UnshiftError } from "@unshift/contracts";
import { runExperiment } from "@unshift/core";
import { type ExperimentArguments, pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { interruptSignal } from "../interrupt.js";
import { checkModelFiles } from "../model-files.js";
import { errorDocument, reportFailure } from "../output/failure.js";
import { printJson } from "../output/print.js";
import { runServices } from "../run-services.js";
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
  await checkModelFiles(loaded);
  const services = runServices(await pluginRegistry(loaded), {
    verbose: args.verbose,
    signal: interruptSignal(),
    offline: args.offline,
  });
  const outcome = await runExperiment(loaded, services).finally(() => services.stop());
  const summary = runSummary(outcome);
  const failed =
    [...outcome.answers, ...outcome.comparisons].filter(({ status }) => status === "failed").length +
    outcome.verdicts.filter(({ judgement }) => judgement.status === "failed").length;
  const tooMany =
    args.failOn !== undefined && failed >= args.failOn
      ? new UnshiftError("SAMPLES_FAILED", `${failed} items failed; --fail-on ${args.failOn} asked to be told`, {
          hint: `Everything that was computed, and the reasons, are in ${outcome.folder}.`,
        })
      : null;
  // A missed threshold takes nothing away: the figures are printed all the same.
  if (args.json) {
    printJson(tooMany === null ? summary : { ...summary, ...errorDocument(tooMany) });
  } else {
    printRunSummary(summary, outcome);
  }
  if (tooMany !== null) {
    process.exitCode = args.json ? tooMany.exitCode : reportFailure(tooMany, false);
  }
}
