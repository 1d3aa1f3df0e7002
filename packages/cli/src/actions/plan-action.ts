import { planExperiment } from "@unshift/core";
import { type ExperimentArguments, pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { interruptSignal } from "../interrupt.js";
import { checkModelFiles } from "../model-files.js";
import { print, printJson } from "../output/print.js";
import { runServices } from "../run-services.js";
import { planText, planTotals } from "./plan-text.js";

export async function planAction(
  args: ExperimentArguments & { readonly json: boolean; readonly verbose: boolean },
): Promise<void> {
  const loaded = await readExperiment(args);
  await checkModelFiles(loaded);
  const services = runServices(await pluginRegistry(loaded), {
    verbose: args.verbose,
    signal: interruptSignal(),
    offline: args.offline,
  });
  const plan = await planExperiment(loaded, services).finally(() => services.stop());
  if (args.json) {
    printJson({ ...plan, totals: planTotals(plan) });
  } else {
    print(planText(plan));
  }
}
