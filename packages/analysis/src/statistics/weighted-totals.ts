import type { ClusterSums } from "./cluster-sums.js";

/** The sums column by column: [width, clusters]. Resampling reads whole columns, so this order keeps them in cache. */
export function byColumn({ clusters, width, data }: ClusterSums): Float64Array {
  const columns = new Float64Array(data.length);
  for (let cluster = 0, at = 0; cluster < clusters; cluster++) {
    for (let column = 0; column < width; column++, at++) columns[column * clusters + cluster] = data[at] as number;
  }
  return columns;
}

/**
 * totals[j] = Σᵢ weights[i] · columns[j, i], added in cluster order. Four columns go together: their additions do not wait for each
 * other, which is three times as fast as one column at a time.
 */
export function weightedTotals(columns: Float64Array, weights: Float64Array, totals: Float64Array): void {
  const n = weights.length;
  const width = totals.length;
  let column = 0;
  for (; column + 4 <= width; column += 4) {
    const a = column * n;
    const b = a + n;
    const c = b + n;
    const d = c + n;
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    let sumD = 0;
    for (let i = 0; i < n; i++) {
      const weight = weights[i] as number;
      sumA += weight * (columns[a + i] as number);
      sumB += weight * (columns[b + i] as number);
      sumC += weight * (columns[c + i] as number);
      sumD += weight * (columns[d + i] as number);
    }
    totals[column] = sumA;
    totals[column + 1] = sumB;
    totals[column + 2] = sumC;
    totals[column + 3] = sumD;
  }
  for (; column < width; column++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (weights[i] as number) * (columns[column * n + i] as number);
    totals[column] = sum;
  }
}
