import { type BootstrapOptions, clusterBootstrap, ratioOf } from "../statistics/cluster-bootstrap.js";
import { type ClusterSums, clusterSums } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";
import { signFlipTest } from "../statistics/sign-flip-test.js";
import { clustersOf, inSampleOrder } from "./clustered.js";
import { exactSignFlip } from "./exact-sign-flip.js";
import { isThere, type Score } from "./mean-interval.js";

/** Two systems on the samples that both have a score on. */
export interface PairedComparison {
  /** Mean of first − second over the pairs, in the judge's units. */
  readonly difference: Estimate;
  /** Two-sided, in (0, 1]; null without pairs. */
  readonly pValue: number | null;
  /** Whether every sign pattern was counted or patterns were drawn. Null without pairs. */
  readonly pValueBy: "enumeration" | "draws" | null;
  readonly pairs: number;
  readonly clusters: number;
  /** Samples with a score in one system only; they count in nothing else. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

interface Pair extends Score {
  readonly score: number;
}

/**
 * Compares two systems judged on the same samples.
 *
 * Interval: 95 % percentile bootstrap of the mean difference, whole clusters drawn. p: sign-flip permutation test of "which system
 * gave which answer does not matter", under which the summed difference of each cluster may change its sign; exact where at most 20
 * clusters differ at all, else (b + 1) / (m + 1) over m = 9999 drawn patterns (Phipson and Smyth 2010). Swapping the systems mirrors
 * the difference and keeps p; the order of the scores changes nothing.
 *
 * @throws RangeError where one system has two scores for a sample: which of them to pair is not for this function to choose
 */
export function pairedComparison(
  first: readonly Score[],
  second: readonly Score[],
  random: Random,
  options: BootstrapOptions = {},
): PairedComparison {
  const ofFirst = bySample(first);
  const ofSecond = bySample(second);
  const pairs: Pair[] = [];
  for (const [sampleId, item] of ofFirst) {
    const other = ofSecond.get(sampleId);
    if (other !== undefined) pairs.push({ ...item, score: item.score - other.score });
  }
  const ordered = inSampleOrder(pairs);
  const clusters = clustersOf(ordered);
  const sums = clusterSums(clusters.count, 2);
  for (const [i, { score }] of ordered.entries()) {
    const at = 2 * (clusters.of[i] as number);
    sums.data[at] = (sums.data[at] as number) + 1;
    sums.data[at + 1] = (sums.data[at + 1] as number) + score;
  }
  const [difference = undefinedEstimate] = clusterBootstrap(sums, [ratioOf(1, 0)], random, options);
  return {
    difference,
    ...signFlip(sums, random),
    pairs: pairs.length,
    clusters: clusters.count,
    onlyFirst: ofFirst.size - pairs.length,
    onlySecond: ofSecond.size - pairs.length,
  };
}

function signFlip(sums: ClusterSums, random: Random): Pick<PairedComparison, "pValue" | "pValueBy"> {
  if (sums.clusters === 0) return { pValue: null, pValueBy: null };
  const differences = Float64Array.from(
    { length: sums.clusters },
    (_, cluster) => sums.data[2 * cluster + 1] as number,
  );
  const exact = exactSignFlip(differences);
  if (exact !== null) return { pValue: exact, pValueBy: "enumeration" };
  return { pValue: signFlipTest(differences, random), pValueBy: "draws" };
}

function bySample(scores: readonly Score[]): Map<string, Pair> {
  const there = new Map<string, Pair>();
  for (const item of scores) {
    if (!isThere(item)) continue;
    if (there.has(item.sampleId)) throw new RangeError(`sample ${item.sampleId} has two scores of one system`);
    there.set(item.sampleId, item);
  }
  return there;
}
