import type { Table } from "@unshift/contracts";
import { type WinRates, winRates } from "../comparison/win-rates.js";
import type { ComparedSystems } from "../judges/compared-systems.js";
import { countRepaired, countStatus } from "../judges/judged.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { buildTable, type ColumnOf, count, estimated, text } from "./table-columns.js";

interface Row extends ComparedSystems {
  readonly rates: WinRates;
}

/** Wins, ties, losses and changes of mind: one row per judge, aspect and pair of systems. */
export function preferencesTable(compared: readonly ComparedSystems[], seed: number): Table {
  const columns: ColumnOf<Row>[] = [
    text("judge", "Judge id in the experiment.", (row) => row.judge),
    text("aspect", "What was compared.", (row) => row.aspect),
    text("system", "System whose wins they are.", (row) => row.system),
    text("against", "The other system.", (row) => row.against),
    count("n", "samples", "Samples decided: wins, ties and losses.", ({ rates }) => rates.decided),
    count("wins", "samples", "Samples on which the system's answer was preferred.", ({ rates }) => rates.wins),
    count("ties", "samples", "Samples on which neither was.", ({ rates }) => rates.ties),
    count("losses", "samples", "Samples on which the other's was.", ({ rates }) => rates.losses),
    count(
      "inconsistent",
      "samples",
      "Samples on which the preference changed with the order of the answers; in none of the shares but their own.",
      ({ rates }) => rates.inconsistent,
    ),
    ...estimated<Row>("win_share", "share", "Wins of the decided.", ({ rates }) => rates.winShare),
    ...estimated<Row>("tie_share", "share", "Ties of the decided.", ({ rates }) => rates.tieShare),
    ...estimated<Row>("loss_share", "share", "Losses of the decided.", ({ rates }) => rates.lossShare),
    ...estimated<Row>(
      "inconsistent_share",
      "share",
      "Inconsistent of decided and inconsistent.",
      ({ rates }) => rates.inconsistentShare,
    ),
    ...estimated<Row>("win_rate", "share", "Wins and half the ties of the decided.", ({ rates }) => rates.winRate),
    count(
      "not_applicable",
      "verdicts",
      "Verdicts that the judge has nothing to say; every repeat is a verdict.",
      ({ pairs }) => countStatus(pairs, "not-applicable"),
    ),
    count("unparsed", "verdicts", "Verdicts whose reply could not be read.", ({ pairs }) =>
      countStatus(pairs, "unparsed"),
    ),
    count("failed", "verdicts", "Verdicts the judge failed on.", ({ pairs }) => countStatus(pairs, "failed")),
    count("repaired", "verdicts", "Verdicts read from a reply that was not as asked for.", ({ pairs }) =>
      countRepaired(pairs),
    ),
  ];
  const rows = compared.map((of) => {
    const random = seededRandom(seed, `preferences ${JSON.stringify([of.judge, of.aspect])}`);
    return { ...of, rates: winRates(of.pairs, random) };
  });
  return buildTable("preferences", "Preferences", columns, rows);
}
