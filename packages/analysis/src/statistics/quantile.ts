/**
 * Quantile of ascending values by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, the default of
 * R and numpy). NaN for no values.
 */
export function quantile(ascending: ArrayLike<number>, p: number): number {
  if (ascending.length === 0) return Number.NaN;
  const at = p * (ascending.length - 1);
  const below = Math.floor(at);
  const share = at - below;
  const low = ascending[below] as number;
  // Without this an infinite neighbour with weight 0 would give NaN.
  if (share === 0) return low;
  return low + share * ((ascending[below + 1] as number) - low);
}
