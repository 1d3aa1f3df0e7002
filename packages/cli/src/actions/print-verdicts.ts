import type { Table, VerdictRecord } from "@unshift/contracts";
import pc from "picocolors";
import { percent, percentInterval } from "../output/format.js";
import { print } from "../output/print.js";
import { terminalText } from "../output/terminal-text.js";
import { textTable } from "../output/text-table.js";
import { pairFigures } from "./pair-figures.js";
import { verdictCounts } from "./verdict-counts.js";

/** Which of two systems judges of pairs preferred, how often; nothing where there is no such judge. */
export function printPairs(tables: readonly Table[]): void {
  const pairs = pairFigures(tables);
  if (pairs.length === 0) return;
  print();
  print(
    textTable(
      ["judge", "aspect", "system", "against", "wins", "ties", "losses", "inconsistent", "win rate"],
      pairs.map(({ judge, aspect, system, against, wins, ties, losses, inconsistent, winRate, winRateCi }) => {
        const interval = percentInterval(winRateCi);
        const rate = winRate === null ? null : `${percent(winRate)}${interval === "" ? "" : ` [${interval}]`}`;
        return [judge, aspect, system, against, wins, ties, losses, inconsistent, rate];
      }),
    ),
  );
}

/** Verdicts that are in no figure because something went wrong with them, with the commonest reason. */
export function printMissingVerdicts(verdicts: readonly VerdictRecord[]): void {
  for (const [judge, counts] of Object.entries(verdictCounts(verdicts))) {
    const { scored, preferred, notApplicable, unparsed, failed } = counts;
    if (unparsed + failed === 0) continue;
    const all = scored + preferred + notApplicable + unparsed + failed;
    const why = commonestReason(verdicts.filter((verdict) => verdict.judge === judge));
    const text = `judge ${judge}: ${unparsed} verdicts not read, ${failed} failed, of ${all}; they are in no figure. ${why}`;
    print(pc.yellow(terminalText(text)));
  }
}

function commonestReason(verdicts: readonly VerdictRecord[]): string {
  const counted = new Map<string, number>();
  for (const { judgement } of verdicts) {
    if (judgement.status !== "unparsed" && judgement.status !== "failed") continue;
    counted.set(judgement.reason, (counted.get(judgement.reason) ?? 0) + 1);
  }
  const [most] = [...counted].sort(([, one], [, other]) => other - one);
  return most === undefined ? "" : `${counted.size === 1 ? "The reason" : `Most often (${most[1]})`}: ${most[0]}`;
}
