const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/**
 * Values as bars of eight heights, at most `width` of them: where there are more values, a bar is the largest of its stretch.
 *
 * @param most value of a full bar; larger ones are full too
 * @returns "" for no values; a value that is no number is a blank
 */
export function sparkline(values: ArrayLike<number>, width: number, most: number): string {
  const cells = Math.min(values.length, width);
  let line = "";
  for (let cell = 0; cell < cells; cell++) {
    let largest = Number.NaN;
    const end = Math.floor(((cell + 1) * values.length) / cells);
    for (let i = Math.floor((cell * values.length) / cells); i < end; i++) {
      const value = values[i] as number;
      if (!(value <= largest)) largest = Number.isNaN(value) ? largest : value;
    }
    line += Number.isNaN(largest) ? " " : barOf(largest, most);
  }
  return line;
}

function barOf(value: number, most: number): string {
  const step = most > 0 ? Math.ceil((value / most) * bars.length) - 1 : 0;
  return bars[Math.min(bars.length - 1, Math.max(0, step))] ?? bars[0];
}
