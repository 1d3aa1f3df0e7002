import type { Table } from "@unshift/contracts";
import { type LengthControlledWinRate, lengthControlledWinRate } from "../comparison/length-controlled-win-rate.js";
import { winRates } from "../comparison/win-rates.js";
import type { ComparedSystems, PairOutcome } from "../judges/compared-systems.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { buildTable, type ColumnOf, count, estimated, figure, text } from "./table-columns.js";

interface Row {
  readonly judge: string;
  readonly aspect: string;
  readonly baseline: string;
  readonly system: string;
  readonly n: number;
  readonly winRate: Estimate;
  readonly controlled: Estimate;
  readonly lengthCoefficient: number | null;
  readonly moreWords: number | null;
  readonly resamples: number;
  readonly unfitted: number | null;
  readonly reason: string | null;
}

/** Every system against every baseline it was compared with, by judge and aspect; each pair stands there both ways. */
export function winRatesTable(compared: readonly ComparedSystems[], systems: readonly string[], seed: number): Table {
  const columns: ColumnOf<Row>[] = [
    text("judge", "Judge id in the experiment.", (row) => row.judge),
    text("aspect", "What was compared.", (row) => row.aspect),
    text("baseline", "System compared with.", (row) => row.baseline),
    text("system", "System whose win rate it is.", (row) => row.system),
    count("n", "samples", "Samples decided.", (row) => row.n),
    ...estimated<Row>("win_rate", "share", "Wins and half the ties of the decided.", (row) => row.winRate),
    ...estimated<Row>(
      "length_controlled",
      "share",
      "Win rate were both answers equally long, by logistic regression.",
      (row) => row.controlled,
    ),
    figure(
      "length_coefficient",
      "log odds",
      "What an answer's greater length adds to the log odds of winning; above 0: the judge prefers long answers.",
      (row) => row.lengthCoefficient,
    ),
    figure("more_words", "words", "Mean words of the system's answers minus the baseline's.", (row) => row.moreWords),
    count("resamples", "resamples", "Resamples behind the length-controlled interval.", (row) => row.resamples),
    count("unfitted_resamples", "resamples", "Of them without a fit, left out.", (row) => row.unfitted),
    text("not_controlled", "Why there is no length-controlled rate; null where there is one.", (row) => row.reason),
  ];
  const resamples = resamplesFor(compared);
  const both = compared.flatMap((of) => bothWays(of, resamples, seed));
  const place = new Map(systems.map((system, i) => [system, i]));
  const family = new Map(compared.map(({ judge, aspect }, i) => [JSON.stringify([judge, aspect]), i] as const));
  const familyOf = ({ judge, aspect }: Row): number => family.get(JSON.stringify([judge, aspect])) ?? 0;
  const placeOf = (system: string): number => place.get(system) ?? 0;
  both.sort(
    (a, b) =>
      familyOf(a) - familyOf(b) || placeOf(a.baseline) - placeOf(b.baseline) || placeOf(a.system) - placeOf(b.system),
  );
  return buildTable("win_rates", "Win rates against each baseline", columns, both);
}

const mostFits = 2e7;

/** B falls below 2000, never below 200, where all regressions together would read more than 2 · 10⁷ comparisons. */
function resamplesFor(compared: readonly ComparedSystems[]): number {
  const comparisons = compared.reduce((sum, { pairs }) => sum + pairs.length, 0);
  return Math.max(200, Math.min(2000, Math.floor(mostFits / Math.max(1, comparisons))));
}

function bothWays({ judge, aspect, system, against, pairs }: ComparedSystems, resamples: number, seed: number): Row[] {
  const label = `win_rates ${JSON.stringify([judge, aspect])}`;
  const { winRate, decided } = winRates(pairs, seededRandom(seed, label));
  const preferences = pairs.flatMap(lengthPreference);
  const fit = lengthControlledWinRate(preferences, seededRandom(seed, `${label} length`), { resamples });
  const known = preferences.length === decided;
  const fitted = known && fit.status === "fitted" ? fit : null;
  const controlled = fitted?.winRate ?? undefinedEstimate;
  const reason = decided === 0 || fitted !== null ? null : reasonOf(fit, known);
  const coefficient = fitted?.coefficients.length ?? null;
  const more = known ? meanOf(preferences.map(({ lengthDifference }) => lengthDifference)) : null;
  const common = { judge, aspect, n: decided, resamples, unfitted: fitted?.unfittedResamples ?? null, reason };
  return [
    { ...common, baseline: against, system, winRate, controlled, lengthCoefficient: coefficient, moreWords: more },
    {
      ...common,
      baseline: system,
      system: against,
      winRate: mirrored(winRate),
      controlled: mirrored(controlled),
      // The difference of lengths and the outcome change their signs together.
      lengthCoefficient: coefficient,
      moreWords: more === null ? null : -more,
    },
  ];
}

function lengthPreference({ sampleId, cluster, outcome, moreWords }: PairOutcome) {
  if (outcome === null || outcome === "inconsistent" || moreWords === null) return [];
  const preference = { win: 1, tie: 0.5, lose: 0 }[outcome];
  return [{ sampleId, cluster, preference, lengthDifference: moreWords }];
}

function reasonOf(fit: LengthControlledWinRate, known: boolean): string {
  if (!known) return "the length of some answers is not known";
  return fit.status === "unfitted" ? fit.reason : "";
}

function mirrored({ value, low, high }: Estimate): Estimate {
  const other = (share: number | null): number | null => (share === null ? null : 1 - share);
  return { value: other(value), low: other(high), high: other(low) };
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
