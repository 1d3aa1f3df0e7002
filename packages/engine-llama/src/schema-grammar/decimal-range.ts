import { integerRange, naturalRange } from "./integer-range.js";

export interface Bounds {
  readonly low: number;
  readonly high: number;
  /** The bound itself is left out. */
  readonly withoutLow: boolean;
  readonly withoutHigh: boolean;
}

/** Decimals behind the point; the last is never 0, so that every number has one spelling. */
export const decimals = 6;

const fraction = `[.][0-9]{0,${decimals - 1}}[1-9]`;

/** Alternatives that spell the numbers between two whole bounds with up to six decimals, no exponent; as {@link integerRange}. */
export function decimalRange({ low, high, withoutLow, withoutHigh }: Bounds): string[] {
  const whole = integerRange(withoutLow ? low + 1 : low, withoutHigh ? high - 1 : high);
  // Between two neighbouring integers: the one nearer to zero, and a fraction.
  const below = low < 0 ? naturalRange(Math.max(0, -high), -low - 1).map((digits) => `[-]${digits}`) : [];
  const above = naturalRange(Math.max(0, low), high - 1);
  return [...whole, ...[...below, ...above].map((digits) => `${digits}${fraction}`)];
}
