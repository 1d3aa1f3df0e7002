import type { Table } from "@unshift/contracts";
import pc from "picocolors";
import { percent, percentInterval } from "../output/format.js";
import { print } from "../output/print.js";
import { textTable } from "../output/text-table.js";
import { pairFigures } from "./pair-figures.js";
import type { VerdictCounts } from "./verdict-counts.js";

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

/** Verdicts that are in no figure because something went wrong with them. */
export function printMissingVerdicts(verdicts: Readonly<Record<string, VerdictCounts>>): void {
  for (const [judge, { scored, preferred, notApplicable, unparsed, failed }] of Object.entries(verdicts)) {
    if (unparsed + failed === 0) continue;
    const all = scored + preferred + notApplicable + unparsed + failed;
    print(
      pc.yellow(`judge ${judge}: ${unparsed} verdicts not read, ${failed} failed, of ${all}; they are in no figure`),
    );
  }
}
