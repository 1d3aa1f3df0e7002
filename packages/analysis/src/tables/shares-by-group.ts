import { sumColumn } from "../positions/shift-estimates.js";
import { clusterBootstrap, ratioOf, shareStatistic } from "../statistics/cluster-bootstrap.js";
import type { ClusterSums } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";
import { type ColumnOf, estimated } from "./table-columns.js";

/** What tables by tag and by category tell of each group of positions. */
export interface GroupShares {
  readonly unshifted: Estimate;
  readonly marginal: Estimate;
  readonly shifted: Estimate;
  readonly meanKl: Estimate;
}

/** Columns of sums: positions, unshifted, marginal, shifted, KL: the first of `sampleSums`. */
export const groupWidth = sumColumn("meanKl") + 1;

export function estimateGroup(sums: ClusterSums, random: Random): GroupShares {
  const columns = ["unshifted", "marginal", "shifted", "meanKl"] as const;
  const statistics = columns.map((name) => (name === "meanKl" ? ratioOf : shareStatistic)(sumColumn(name), 0));
  const [unshifted, marginal, shifted, meanKl] = clusterBootstrap(sums, statistics, random);
  return {
    unshifted: unshifted ?? undefinedEstimate,
    marginal: marginal ?? undefinedEstimate,
    shifted: shifted ?? undefinedEstimate,
    meanKl: meanKl ?? undefinedEstimate,
  };
}

export function groupColumns<Row extends { readonly shares: GroupShares }>(): ColumnOf<Row>[] {
  return [
    ...estimated<Row>("unshifted", "share", "Share with subject rank 1.", ({ shares }) => shares.unshifted),
    ...estimated<Row>("marginal", "share", "Share with subject rank 2 or 3.", ({ shares }) => shares.marginal),
    ...estimated<Row>("shifted", "share", "Share with subject rank above 3.", ({ shares }) => shares.shifted),
    ...estimated<Row>("mean_kl", "nats", "Mean KL(reference ‖ subject).", ({ shares }) => shares.meanKl),
  ];
}
