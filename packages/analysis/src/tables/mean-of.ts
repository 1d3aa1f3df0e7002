import { clusterBootstrap, ratioOf } from "../statistics/cluster-bootstrap.js";
import { clusterSums, mergeClusters } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";

/** A sample's figure, and the conversation the sample is of. */
export type SampleValue = readonly [conversation: string, value: number];

/** Mean of one value per sample, with its interval, grouped by conversation. */
export function meanOf(values: readonly SampleValue[], random: Random): Estimate {
  const sums = clusterSums(values.length, 2);
  for (const [i, [, value]] of values.entries()) sums.data.set([1, value], 2 * i);
  const first = new Map<string, number>();
  for (const [i, [conversation]] of values.entries()) if (!first.has(conversation)) first.set(conversation, i);
  const chats = mergeClusters(
    sums,
    values.map(([conversation], i) => first.get(conversation) ?? i),
  );
  return clusterBootstrap(chats, [ratioOf(1, 0)], random)[0] ?? undefinedEstimate;
}
