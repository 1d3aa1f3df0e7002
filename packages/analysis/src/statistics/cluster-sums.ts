import { type Random, shuffledIndices } from "./seeded-random.js";

/**
 * What resampling needs to know of a corpus: sums over each cluster (a conversation with all its positions). `data` is
 * [clusters, width], row by row. A micro-average is a ratio of two column totals.
 */
export interface ClusterSums {
  readonly clusters: number;
  readonly width: number;
  readonly data: Float64Array;
}

export function clusterSums(clusters: number, width: number): ClusterSums {
  return { clusters, width, data: new Float64Array(clusters * width) };
}

/** Totals of all columns, added in cluster order. */
export function totalsOf(sums: ClusterSums): Float64Array {
  const totals = new Float64Array(sums.width);
  for (let cluster = 0, at = 0; cluster < sums.clusters; cluster++) {
    for (let column = 0; column < sums.width; column++, at++) {
      totals[column] = (totals[column] as number) + (sums.data[at] as number);
    }
  }
  return totals;
}

/** The given clusters, in the order given. */
export function selectClusters(sums: ClusterSums, indices: ArrayLike<number>): ClusterSums {
  const selected = clusterSums(indices.length, sums.width);
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] as number) * sums.width;
    selected.data.set(sums.data.subarray(from, from + sums.width), i * sums.width);
  }
  return selected;
}

/**
 * Adds up the clusters that share a number: `group[i]` is that of cluster i. Groups stand in the order in which they first appear;
 * where no two clusters share one, the sums are given back as they are.
 */
export function mergeClusters(sums: ClusterSums, group: ArrayLike<number>): ClusterSums {
  const places = new Map<number, number>();
  for (let cluster = 0; cluster < sums.clusters; cluster++) {
    const of = group[cluster] as number;
    if (!places.has(of)) places.set(of, places.size);
  }
  if (places.size === sums.clusters) return sums;
  const merged = clusterSums(places.size, sums.width);
  for (let cluster = 0; cluster < sums.clusters; cluster++) {
    const from = cluster * sums.width;
    const to = (places.get(group[cluster] as number) as number) * sums.width;
    for (let column = 0; column < sums.width; column++) {
      merged.data[to + column] = (merged.data[to + column] as number) + (sums.data[from + column] as number);
    }
  }
  return merged;
}

/**
 * At most `limit` clusters: more are dealt into `limit` random groups of equal size (±1) whose sums are added (random groups,
 * Wolter 2007 ch. 2). It bounds the cost of resampling; the standard error then carries a relative error of about
 * 1 / √(2 · limit).
 */
export function groupClusters(sums: ClusterSums, limit: number, random: Random): ClusterSums {
  if (sums.clusters <= limit) return sums;
  const order = shuffledIndices(sums.clusters, random);
  const grouped = clusterSums(limit, sums.width);
  for (let i = 0; i < sums.clusters; i++) {
    const from = (order[i] as number) * sums.width;
    const to = (i % limit) * sums.width;
    for (let column = 0; column < sums.width; column++) {
      grouped.data[to + column] = (grouped.data[to + column] as number) + (sums.data[from + column] as number);
    }
  }
  return grouped;
}
