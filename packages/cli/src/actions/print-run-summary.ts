import { relative } from "node:path";
import { tableRows } from "@unshift/analysis";
import type { RunOutcome } from "@unshift/core";
import pc from "picocolors";
import { percent, percentInterval } from "../output/format.js";
import { print } from "../output/print.js";
import { sparkline } from "../output/sparkline.js";
import { terminalText } from "../output/terminal-text.js";
import { textTable } from "../output/text-table.js";
import { printJudgingCosts } from "./print-judging-costs.js";
import { printScores } from "./print-scores.js";
import { printMissingVerdicts, printPairs } from "./print-verdicts.js";
import type { RunSummary } from "./run-summary.js";

/** The end of a run as people read it: class ratios, KL, systems with their scores, what was left out, where the report is. */
export function printRunSummary(summary: RunSummary, outcome: RunOutcome): void {
  for (const { answers, subject, ...shift } of summary.shifts) {
    const interval = (name: "unshifted" | "marginal" | "shifted") => {
      const text = percentInterval(shift.ci[name]);
      return text === "" ? "" : pc.dim(` [${text}]`);
    };
    print();
    print(
      `${pc.bold(`${answers} → ${subject}`)}  ${shift.positions} positions${shift.withoutReference ? "" : `, mean KL ${shift.meanKlNats?.toFixed(3) ?? "–"} nats`}`,
    );
    if (shift.withoutReference) {
      print(pc.dim("  answers came without a model: ids are the text tokenised anew, and there is no KL"));
    }
    print(`  unshifted ${percent(shift.unshifted)}${interval("unshifted")}`);
    print(`  marginal  ${percent(shift.marginal)}${interval("marginal")}`);
    print(`  shifted   ${percent(shift.shifted)}${interval("shifted")}`);
    const curve = klCurve(outcome, answers, subject);
    if (curve !== null) print(pc.dim(`  KL along the answer ${curve}`));
    if (shift.failed + shift.skipped > 0) {
      print(
        pc.yellow(
          `  not in these figures: ${shift.failed} failed, ${shift.skipped} skipped of ${shift.samples + shift.failed + shift.skipped} samples`,
        ),
      );
    }
  }
  print();
  const anyRunaway = Object.values(summary.systems).some(({ runaway }) => runaway > 0);
  print(
    textTable(
      ["system", "answers", "skipped", "failed", "words", ...(anyRunaway ? ["runaway"] : [])],
      Object.entries(summary.systems).map(([id, system]) => [
        id,
        system.answers,
        system.skipped,
        system.failed,
        system.words === null ? null : system.words.toFixed(1),
        ...(anyRunaway ? [system.runaway] : []),
      ]),
    ),
  );
  printScores(summary.scores, outcome.manifest);
  printPairs(outcome.tables);
  printMissingVerdicts(outcome.verdicts);
  printJudgingCosts(summary.judging);
  for (const note of summary.notes) {
    print(pc.yellow(`• ${terminalText(note)}`));
  }
  for (const { format, message } of outcome.failedReports) {
    print(pc.red(`✘ reporter "${format}" failed: ${terminalText(message)}`));
  }
  print();
  print(`run     ${shown(summary.run)}`);
  if (summary.report !== null) {
    print(`report  ${shown(summary.report)}`);
  }
}

/** Width of the strip of KL, in characters. */
const stripWidth = 48;

/** Mean KL by position as a strip, with its range and the positions it covers; null where there is none. */
function klCurve(outcome: RunOutcome, answers: string, subject: string): string | null {
  const bins = tableRows(outcome.tables, "position_curves").filter(
    (row) => row.answers === answers && row.subject === subject && typeof row.mean_kl === "number",
  );
  const values = bins.map((bin) => bin.mean_kl as number);
  const most = Math.max(...values);
  if (bins.length < 2 || most === 0) return null;
  return `${sparkline(values, stripWidth, most)} 0–${most.toFixed(2)} nats, positions 0–${bins.at(-1)?.to_position}`;
}

function shown(path: string): string {
  const here = relative(process.cwd(), path);
  return here.startsWith("..") ? path : here;
}
