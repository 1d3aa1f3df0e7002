import {
  asShare,
  type BootstrapOptions,
  clusterBootstrap,
  type Statistic,
  shareStatistic,
} from "../statistics/cluster-bootstrap.js";
import { clusterSums } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";
import { wilsonInterval } from "../statistics/wilson-interval.js";
import { type Clustered, clustersOf, inSampleOrder } from "./clustered.js";
import type { Outcome } from "./pairwise-outcome.js";

/** How one system fared against one opponent on a sample. */
export interface SampleOutcome extends Clustered {
  /** Null where there is none: unparsed, failed. */
  readonly outcome: Outcome | null;
}

/** One system against one opponent. Shares are 0–1. */
export interface WinRates {
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  readonly inconsistent: number;
  /** Samples without an outcome; they count in nothing else. */
  readonly absent: number;
  /** wins + ties + losses: what the next four are shares of. */
  readonly decided: number;
  readonly winShare: Estimate;
  readonly tieShare: Estimate;
  readonly lossShare: Estimate;
  /** (wins + ties / 2) / decided. */
  readonly winRate: Estimate;
  /** inconsistent / (decided + inconsistent). */
  readonly inconsistentShare: Estimate;
  readonly clusters: number;
}

const columns = { win: 0, tie: 1, lose: 2, inconsistent: 3 } as const;
const width = 5;
const decidedColumn = 4;

const winRateOf: Statistic = asShare((totals) => {
  const [wins = 0, ties = 0, , , decided = 0] = totals;
  return decided === 0 ? Number.NaN : (wins + ties / 2) / decided;
});
const inconsistentShareOf: Statistic = asShare((totals) => {
  const [, , , inconsistent = 0, decided = 0] = totals;
  return decided + inconsistent === 0 ? Number.NaN : inconsistent / (decided + inconsistent);
});

/**
 * Wins, ties and losses with 95 % intervals. The win rate counts a tie as half a win and has a percentile bootstrap interval over
 * clusters. The single shares have Wilson intervals, which assume independent samples, and bootstrap intervals where clusters hold
 * more than one outcome.
 *
 * Inconsistent comparisons are not ties: they are counted apart and are in no share but their own. (Who wants them as ties, as
 * MT-bench reports them, gives them as ties.)
 */
export function winRates(outcomes: readonly SampleOutcome[], random: Random, options: BootstrapOptions = {}): WinRates {
  const there = inSampleOrder(outcomes.filter(({ outcome }) => outcome !== null));
  const clusters = clustersOf(there);
  const sums = clusterSums(clusters.count, width);
  const counts = { win: 0, tie: 0, lose: 0, inconsistent: 0 };
  for (const [i, { outcome }] of there.entries()) {
    if (outcome === null) continue;
    counts[outcome]++;
    const row = width * (clusters.of[i] as number);
    add(sums.data, row + columns[outcome]);
    if (outcome !== "inconsistent") add(sums.data, row + decidedColumn);
  }
  const shares = [columns.win, columns.tie, columns.lose].map((column) => shareStatistic(column, decidedColumn));
  const [winRate = undefinedEstimate, ...drawn] = clusterBootstrap(
    sums,
    [winRateOf, ...shares, inconsistentShareOf],
    random,
    options,
  );
  const decided = counts.win + counts.tie + counts.lose;
  const independent = clusters.count === there.length;
  const share = (place: number, count: number, of: number): Estimate =>
    independent ? wilsonInterval(count, of) : (drawn[place] ?? undefinedEstimate);
  return {
    wins: counts.win,
    ties: counts.tie,
    losses: counts.lose,
    inconsistent: counts.inconsistent,
    absent: outcomes.length - there.length,
    decided,
    winShare: share(0, counts.win, decided),
    tieShare: share(1, counts.tie, decided),
    lossShare: share(2, counts.lose, decided),
    winRate,
    inconsistentShare: share(3, counts.inconsistent, there.length),
    clusters: clusters.count,
  };
}

function add(data: Float64Array, at: number): void {
  data[at] = (data[at] as number) + 1;
}
