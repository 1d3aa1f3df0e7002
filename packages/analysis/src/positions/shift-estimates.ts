import { clusterBootstrap, ratioOf, shareStatistic } from "../statistics/cluster-bootstrap.js";
import { type ClusterSums, clusterSums } from "../statistics/cluster-sums.js";
import type { Estimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import type { ShiftPositions } from "./shift-positions.js";

/** What is averaged over positions, in the order of the columns of {@link sampleSums}; column 0 counts positions. */
export const averaged = [
  "unshifted",
  "marginal",
  "shifted",
  "meanKl",
  "meanKlReverse",
  "meanJs",
  "meanTv",
  "meanSubjectRank",
  "meanSubjectProbability",
  "meanReferenceProbability",
  "meanReferenceEntropy",
  "meanSubjectEntropy",
  "meanReferenceDroppedMass",
  "meanSubjectDroppedMass",
] as const;

/** Column of a figure's sum in {@link sampleSums}. */
export function sumColumn(name: (typeof averaged)[number]): number {
  return averaged.indexOf(name) + 1;
}

const classShares: ReadonlySet<string> = new Set(["unshifted", "marginal", "shifted"]);

/** Micro-averages over the positions of a shift, with intervals grouped by conversation. */
export type ShiftEstimates = Readonly<Record<(typeof averaged)[number], Estimate>>;

/**
 * Sums over each occupied sample: [occupied, 1 + averaged]. Dropped mass is 0 where the vocabularies are identical. Where the answers
 * came without a model, sums of what needs a reference are NaN, and so is every statistic of them: null in a table.
 */
export function sampleSums(positions: ShiftPositions): ClusterSums {
  const { columns, occupied, starts, classes } = positions;
  const sums = clusterSums(occupied.length, averaged.length + 1);
  const summed: readonly (readonly [number, Float64Array | Int32Array | null])[] = [
    [sumColumn("meanKl"), columns.klReferenceSubject],
    [sumColumn("meanKlReverse"), columns.klSubjectReference],
    [sumColumn("meanJs"), columns.js],
    [sumColumn("meanTv"), columns.tv],
    [sumColumn("meanSubjectRank"), columns.subjectRank],
    [sumColumn("meanReferenceEntropy"), columns.referenceEntropy],
    [sumColumn("meanSubjectEntropy"), columns.subjectEntropy],
    [sumColumn("meanReferenceDroppedMass"), columns.referenceDroppedMass],
    [sumColumn("meanSubjectDroppedMass"), columns.subjectDroppedMass],
  ];
  for (const [cluster, sample] of occupied.entries()) {
    const from = starts[sample] as number;
    const to = starts[sample + 1] as number;
    const at = cluster * sums.width;
    sums.data[at] = to - from;
    for (const [column, values] of summed) if (values !== null) sums.data[at + column] = sumOf(values, from, to);
    sums.data[at + sumColumn("meanSubjectProbability")] = sumOfExp(columns.subjectLogprob, from, to);
    sums.data[at + sumColumn("meanReferenceProbability")] = sumOfExp(columns.referenceLogprob, from, to);
    for (let row = from; row < to; row++) {
      const column = at + 1 + (classes[row] as number);
      sums.data[column] = (sums.data[column] as number) + 1;
    }
  }
  return sums;
}

export function estimateShift(sums: ClusterSums, seed: number, label: string): ShiftEstimates {
  const statistics = averaged.map((name, i) => (classShares.has(name) ? shareStatistic(i + 1, 0) : ratioOf(i + 1, 0)));
  const estimates = clusterBootstrap(sums, statistics, seededRandom(seed, label));
  return Object.fromEntries(averaged.map((name, i) => [name, estimates[i]])) as unknown as ShiftEstimates;
}

function sumOf(values: Float64Array | Int32Array, from: number, to: number): number {
  let sum = 0;
  for (let row = from; row < to; row++) sum += values[row] as number;
  return sum;
}

function sumOfExp(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let row = from; row < to; row++) sum += Math.exp(values[row] as number);
  return sum;
}
