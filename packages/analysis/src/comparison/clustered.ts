/** Something measured on a sample. */
export interface Clustered {
  readonly sampleId: string;
  /** Samples that are not independent of each other share one (turns of a conversation). Default: the sample by itself. */
  readonly cluster?: string;
}

/** Which cluster each item belongs to. */
export interface Clusters {
  readonly count: number;
  /** [items] place of the item's cluster, 0 … count − 1, clusters in order of their names. */
  readonly of: Int32Array;
}

function clusterOf(item: Clustered): string {
  return item.cluster ?? item.sampleId;
}

/** Order by UTF-16 code units: the same in every locale. */
export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * A copy ordered by cluster, then sample, then `tie`. Resampling draws clusters by their place, so without this the same scores in
 * another order would get another interval.
 */
export function inSampleOrder<T extends Clustered>(items: readonly T[], tie: (a: T, b: T) => number = () => 0): T[] {
  return items.toSorted((a, b) => byName(clusterOf(a), clusterOf(b)) || byName(a.sampleId, b.sampleId) || tie(a, b));
}

export function clustersOf(items: readonly Clustered[]): Clusters {
  const names = [...new Set(items.map(clusterOf))].sort(byName);
  const places = new Map(names.map((name, place) => [name, place]));
  return { count: names.length, of: Int32Array.from(items, (item) => places.get(clusterOf(item)) as number) };
}
