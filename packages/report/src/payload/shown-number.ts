/**
 * Numbers ≥ 0 in 16 bits, at the precision in which the page writes them (`percent`, `divergence`): three decimals, two significant digits
 * below 0.001. What the page writes of the number read back is what it would write of the number itself. A position has dozens of
 * such numbers: as floats their last bits, which nobody sees, would be most of the file.
 *
 * Codes: 1 … 59,999 thousandths; then two values beside a step in what is written; then, from 0.001 down, 91 codes a decade.
 */
const belowOne = 60_000;
const belowHalfThousandth = 60_001;
const firstSmall = 60_002;
const perDecade = 91;
const decades = 59;
const notANumber = 65_534;
const infinite = 65_535;
/** The smallest number that needs more than the thousandths there are codes for. */
const tooLarge = 59.9995;

/** Whether every number can be coded: none negative, none of 60 and more but infinity. */
export function canBeShownNumbers(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    if (value < 0 || (value >= tooLarge && value !== Number.POSITIVE_INFINITY)) return false;
  }
  return true;
}

export function shownNumberCode(value: number): number {
  if (Number.isNaN(value)) return notANumber;
  if (value === Number.POSITIVE_INFINITY) return infinite;
  if (value <= 0) return 0;
  if (value >= 0.001) {
    const thousandths = Math.round(value * 1000);
    // 99.96 % is written 100.0 %, all of it 100 %.
    return thousandths === 1000 && value < 1 ? belowOne : thousandths;
  }
  if (value < 0.0005 && value >= 0.000495) return belowHalfThousandth;
  // v = m · 10^−(5 + decade), m from 10 to 100: what rounds up to 100 is written with the digits of its own decade.
  let decade = 0;
  while (decade < decades - 1 && value * 10 ** (4 + decade) < 1) decade += 1;
  const digits = Math.max(10, Math.min(100, Math.round(value * 10 ** (5 + decade))));
  return firstSmall + decade * perDecade + (digits - 10);
}

export function shownNumber(code: number): number {
  if (code < belowOne) return code / 1000;
  if (code === belowOne) return 0.9999;
  if (code === belowHalfThousandth) return 0.000_499_99;
  if (code === notANumber) return Number.NaN;
  if (code === infinite) return Number.POSITIVE_INFINITY;
  const small = code - firstSmall;
  const digits = 10 + (small % perDecade);
  // A hair inside of the decade, whatever the rounding of the powers.
  return (digits === 100 ? 99.99 : digits + 0.001) / 10 ** (5 + Math.floor(small / perDecade));
}
