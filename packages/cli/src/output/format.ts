/** A share as a percentage with one decimal: `0.0312` → `3.1 %`. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)} %`;
}

/** An interval of shares: `2.4–3.9`. */
export function percentInterval(interval: readonly [number, number] | null | undefined): string {
  return interval === null || interval === undefined
    ? ""
    : `${(100 * interval[0]).toFixed(1)}–${(100 * interval[1]).toFixed(1)}`;
}

/** Bytes for people, in powers of 1024. */
export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
