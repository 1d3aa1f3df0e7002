/**
 * Alternatives that spell exactly the integers from `low` to `high`, safe ones, in decimal without leading zeros. Digit classes
 * and counts only, so each is a GBNF sequence and a regular expression alike. None for an empty range.
 */
export function integerRange(low: number, high: number): string[] {
  const negative = low < 0 ? naturalRange(Math.max(1, -high), -low).map((digits) => `[-]${digits}`) : [];
  return [...negative, ...naturalRange(Math.max(0, low), high)];
}

/** Integers from 0 on: one piece for every number of digits. */
export function naturalRange(low: number, high: number): string[] {
  const pieces: string[] = [];
  if (low > high) {
    return pieces;
  }
  for (let length = String(low).length; length <= String(high).length; length += 1) {
    const least = length === 1 ? "0" : `1${"0".repeat(length - 1)}`;
    const from = length === String(low).length ? String(low) : least;
    const to = length === String(high).length ? String(high) : "9".repeat(length);
    pieces.push(...sameLength(from, to));
  }
  return pieces;
}

/** `low` and `high` are digits of equal number. */
function sameLength(low: string, high: string): string[] {
  const [first, last] = [Number(low[0]), Number(high[0])];
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  if (lowRest === "") {
    return [digit(first, last)];
  }
  if (first === last) {
    return sameLength(lowRest, highRest).map((rest) => digit(first, first) + rest);
  }
  const wholeLow = /^0*$/.test(lowRest);
  const wholeHigh = /^9*$/.test(highRest);
  const from = wholeLow ? first : first + 1;
  const to = wholeHigh ? last : last - 1;
  const nines = "9".repeat(lowRest.length);
  const zeros = "0".repeat(highRest.length);
  return [
    ...(wholeLow ? [] : sameLength(lowRest, nines).map((rest) => digit(first, first) + rest)),
    ...(from > to ? [] : [`${digit(from, to)}[0-9]{${lowRest.length}}`]),
    ...(wholeHigh ? [] : sameLength(zeros, highRest).map((rest) => digit(last, last) + rest)),
  ];
}

function digit(from: number, to: number): string {
  return from === to ? `[${from}]` : `[${from}-${to}]`;
}
