import { judgeAgain } from "@unshift/core";
import { interruptSignal } from "../interrupt.js";
import { print, printJson } from "../output/print.js";
import { textTable } from "../output/text-table.js";
import { type ExperimentArguments, pluginRegistry, readExperiment, runServices } from "../run-services.js";
import { verdictCounts } from "./verdict-counts.js";

/** Judges a run's answers and prints the tables (`--json`), or how many verdicts of each kind there are now. */
export async function judgeAction(
  args: ExperimentArguments & { readonly reparse: boolean; readonly json: boolean; readonly verbose: boolean },
): Promise<void> {
  const loaded = await readExperiment(args);
  const services = runServices(await pluginRegistry(loaded), {
    verbose: args.verbose,
    signal: interruptSignal(),
    offline: args.offline,
  });
  const outcome = await judgeAgain(loaded, services, { reparse: args.reparse }).finally(() => services.stop());
  if (args.json) {
    printJson(outcome.tables);
    return;
  }
  const rows = Object.entries(verdictCounts(outcome.verdicts)).map(([judge, counts]) => [
    judge,
    ...Object.values(counts),
  ]);
  print(textTable(["judge", "scored", "preferred", "not applicable", "unparsed", "failed"], rows));
  for (const path of outcome.reports) {
    print(path);
  }
}
