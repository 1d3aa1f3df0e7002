import { judgeAgain } from "@unshift/core";
import pc from "picocolors";
import { type ExperimentArguments, pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { interruptSignal } from "../interrupt.js";
import { checkModelFiles } from "../model-files.js";
import { print, printJson } from "../output/print.js";
import { textTable } from "../output/text-table.js";
import { runServices } from "../run-services.js";
import { pairFigures } from "./pair-figures.js";
import { printJudgingCosts } from "./print-judging-costs.js";
import { printScores } from "./print-scores.js";
import { printMissingVerdicts, printPairs } from "./print-verdicts.js";
import { scoreFigures } from "./score-figures.js";
import { verdictCounts } from "./verdict-counts.js";

/** Judges a run's answers and prints how many verdicts of each kind there are now, what they came to and what they cost. */
export async function judgeAction(
  args: ExperimentArguments & {
    readonly reparse: boolean;
    readonly again?: "unparsed" | "all" | undefined;
    readonly json: boolean;
    readonly verbose: boolean;
  },
): Promise<void> {
  const loaded = await readExperiment(args);
  await checkModelFiles(loaded, "judging");
  const services = runServices(await pluginRegistry(loaded), {
    verbose: args.verbose,
    signal: interruptSignal(),
    offline: args.offline,
  });
  const { reparse, again } = args;
  const how = { reparse, ...(again === undefined ? {} : { again }) };
  const outcome = await judgeAgain(loaded, services, how).finally(() => services.stop());
  if (args.json) {
    printJson({
      run: outcome.folder,
      reports: outcome.reports,
      verdicts: verdictCounts(outcome.verdicts),
      scores: scoreFigures(outcome.tables),
      preferences: pairFigures(outcome.tables),
      judging: outcome.judging,
      notes: outcome.manifest.notes,
    });
    return;
  }
  const counts = verdictCounts(outcome.verdicts);
  const rows = Object.entries(counts).map(([judge, own]) => [judge, ...Object.values(own)]);
  print(textTable(["judge", "scored", "preferred", "not applicable", "unparsed", "failed"], rows));
  printScores(scoreFigures(outcome.tables), outcome.manifest);
  printPairs(outcome.tables);
  printMissingVerdicts(outcome.verdicts);
  printJudgingCosts(outcome.judging);
  for (const note of outcome.manifest.notes) {
    print(pc.yellow(`• ${note}`));
  }
  for (const path of outcome.reports) {
    print(path);
  }
}
