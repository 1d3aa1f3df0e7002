/** Maps values to places and knows its own round steps. */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

/** A linear scale with about `wanted` round ticks; its upper end is the last of them. */
export function linearScale(from: number, to: number, start: number, end: number, wanted = 4): Scale {
  const span = to - from || 1;
  const power = 10 ** Math.floor(Math.log10(span / wanted));
  const step =
    [1, 2, 2.5, 5, 10].map((unit) => unit * power).find((unit) => span / unit <= wanted + 0.001) ?? 10 * power;
  const top = Math.ceil(to / step - 1e-9) * step || 1;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= top + step * 1e-6; tick += step)
    ticks.push(Number(tick.toPrecision(12)));
  const scale = (value: number): number => start + ((value - from) / (top - from || 1)) * (end - start);
  return Object.assign(scale, { ticks });
}

/** A logarithmic scale over values of 1 and more (ranks, or positions counted from 1), ticks at 1, 3, 10, 30, … */
export function logScale(to: number, start: number, end: number): Scale {
  const top = Math.max(3, to);
  const ticks: number[] = [];
  for (let power = 1; power <= top; power *= 10)
    for (const tick of [power, 3 * power]) if (tick <= top) ticks.push(tick);
  const scale = (value: number): number => start + (Math.log(Math.max(1, value)) / Math.log(top)) * (end - start);
  return Object.assign(scale, { ticks });
}
