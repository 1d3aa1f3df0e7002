import pc from "picocolors";
import { percent } from "../output/format.js";
import { print } from "../output/print.js";
import { sparkline } from "../output/sparkline.js";
import { terminalLine, terminalText } from "../output/terminal-text.js";
import { textTable } from "../output/text-table.js";
import { answerText, classLegend } from "./answer-text.js";
import type { ShownCandidate, ShownPosition, ShownSample, ShownShift } from "./shown-sample.js";

/** Width of the strips of KL, in characters. */
const stripWidth = 72;
/** Width of the bar of a probability of 1. */
const barWidth = 24;

/** One sample as people read it: what was asked, each answer coloured by class with its strip of KL, verdicts. */
export function printSample(
  shown: ShownSample,
  options: { readonly position: number | null; readonly top: number },
): void {
  const tags = Object.entries(shown.sample.tags).map(([tag, values]) => `${tag}: ${values.join(", ")}`);
  print(
    `${pc.bold(terminalLine(shown.sample.id))}${tags.length === 0 ? "" : pc.dim(`  ${terminalLine(tags.join("; "))}`)}`,
  );
  print(terminalText(shown.question));
  const compared = new Set<string>();
  for (const shift of shown.shifts) {
    if (shift.positions.length > 0) compared.add(shift.answers);
    printShift(shift, options);
  }
  for (const { system, status, text, finishReason, reason } of shown.answers) {
    if (compared.has(system)) continue;
    print();
    print(`${pc.bold(terminalLine(system))}${pc.dim(`  ${finishReason ?? status}`)}`);
    print(text === null ? pc.yellow(`  ${reason?.code}: ${terminalText(reason?.message ?? "")}`) : terminalText(text));
  }
  if (shown.verdicts.length > 0) {
    print();
    print(textTable(["judge", "system", "against", "verdict"], shown.verdicts.map(verdictRow)));
  }
}

function printShift(
  shift: ShownShift,
  { position, top }: { readonly position: number | null; readonly top: number },
): void {
  print();
  print(pc.bold(`${terminalLine(shift.answers)} → ${terminalLine(shift.subject)}`) + pc.dim(`  ${figuresOf(shift)}`));
  if (shift.reason !== null) {
    print(pc.yellow(`  ${shift.reason.code}: ${terminalText(shift.reason.message)}`));
    return;
  }
  if (shift.positions.length === 0) return;
  print(answerText(shift.positions));
  const kl = shift.positions.map((each) => each.kl ?? Number.NaN);
  const most = Math.max(...kl);
  if (most > 0) print(pc.dim(`KL ${sparkline(kl, stripWidth, most)} 0–${most.toFixed(2)} nats`));
  print(pc.dim(`   ${classLegend()}`));
  const chosen = position === null ? undefined : shift.positions[position];
  if (chosen !== undefined) printPosition(shift, chosen, top);
}

function figuresOf({ positions, status }: ShownShift): string {
  if (positions.length === 0) return status === "scored" ? "an empty answer" : status;
  const count = positions.filter((each) => each.class === "shifted").length;
  const kl = positions.map((each) => each.kl ?? Number.NaN).reduce((sum, each) => sum + each, 0) / positions.length;
  return `${positions.length} positions, ${percent(count / positions.length)} shifted${Number.isNaN(kl) ? "" : `, mean KL ${kl.toFixed(3)} nats`}`;
}

function printPosition({ answers, subject }: ShownShift, at: ShownPosition, top: number): void {
  print();
  print(
    `position ${at.position}  ${pc.bold(JSON.stringify(terminalLine(at.text)))}  ${at.class}, rank ${at.subjectRank} under ${terminalLine(subject)}`,
  );
  const bars = (system: string, list: readonly ShownCandidate[]) => {
    if (list.length === 0) return;
    print(`  ${terminalLine(system)}`);
    for (const { id, text, probability } of list.slice(0, top)) {
      const bar = "█".repeat(Math.round(probability * barWidth)).padEnd(barWidth);
      const line = `  ${bar} ${(100 * probability).toFixed(2).padStart(6)} %  ${JSON.stringify(terminalLine(text))}`;
      print(id === at.id ? pc.bold(line) : line);
    }
  };
  bars(answers, at.referenceTop);
  bars(subject, at.subjectTop);
}

function verdictRow({ judge, system, against, judgement }: ShownSample["verdicts"][number]): (string | null)[] {
  const said =
    judgement.status === "scored"
      ? Object.entries(judgement.scores).map(([aspect, score]) => `${aspect} ${Number(score.toFixed(3))}`)
      : judgement.status === "preferred"
        ? Object.entries(judgement.preferences).map(([aspect, preferred]) => `${aspect}: ${preferred}`)
        : [`${judgement.status}: ${judgement.reason}`];
  return [judge, system, against ?? null, said.join(", ")].map((cell) => (cell === null ? null : terminalLine(cell)));
}
