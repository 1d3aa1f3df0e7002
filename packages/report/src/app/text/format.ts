const space = "\u202f";
const none = "–";

/** `5,210` */
export function count(value: number | null): string {
  return value === null ? none : value.toLocaleString("en-US");
}

/** A share (0–1) as `93.1 %`: one decimal; two significant digits below 0.1 %, so that a small share is not a zero. */
export function percent(share: number | null): string {
  return share === null || Number.isNaN(share) ? none : `${percentDigits(share * 100)}${space}%`;
}

/** `91.8–94.2 %` */
export function percentRange(low: number | null, high: number | null): string {
  return low === null || high === null ? "" : `${percentDigits(low * 100)}–${percentDigits(high * 100)}${space}%`;
}

/** A difference of shares in percentage points, with the digits of {@link percent}; unsigned where positive. */
export function percentagePoints(share: number | null): string {
  return share === null || Number.isNaN(share) ? none : percentDigits(share * 100);
}

function percentDigits(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || size === 100) return minus(value.toFixed(0));
  if (size >= 0.1) return minus(value.toFixed(1));
  return size < 0.00001 ? scientific(value) : minus(value.toFixed(1 - Math.floor(Math.log10(size))));
}

/** KL, JS, TV and entropies: three decimals; scientific only where those would show nothing. */
export function divergence(value: number | null): string {
  if (value === null || Number.isNaN(value)) return none;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  return Math.abs(value) < 0.0005 ? scientific(value) : fixed(value, 3);
}

/** `0.409 to 0.429` */
export function divergenceRange(low: number | null, high: number | null): string {
  return low === null || high === null ? "" : `${divergence(low)} to ${divergence(high)}`;
}

/** Ranks, words and other real numbers: three significant digits, no exponent where one can be avoided. */
export function real(value: number | null): string {
  if (value === null || Number.isNaN(value)) return none;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.0005) return scientific(value);
  return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

export function realRange(low: number | null, high: number | null): string {
  return low === null || high === null ? "" : `${real(low)} to ${real(high)}`;
}

/** A tick of an axis: as few digits as it has. */
export function tickText(value: number, isShare: boolean): string {
  return isShare
    ? `${Number((value * 100).toPrecision(6))}${space}%`
    : Number(value.toPrecision(6)).toLocaleString("en-US");
}

/** `1st`, `2nd`, `3rd`, `11th`, `1,021st` */
export function ordinal(place: number): string {
  const teen = place % 100 >= 11 && place % 100 <= 13;
  const ending = teen ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th");
  return `${count(place)}${ending}`;
}

/** A difference with its sign. */
export function signed(text: string, value: number | null): string {
  return value !== null && value > 0 ? `+${text}` : text;
}

function fixed(value: number, digits: number): string {
  return minus(
    Number(value.toFixed(digits)).toLocaleString("en-US", {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }),
  );
}

/** `3.1·10⁻⁵` */
function scientific(value: number): string {
  const [mantissa = "", exponent = ""] = value.toExponential(1).split("e");
  return `${minus(mantissa)}·10${superscript(exponent)}`;
}

function minus(text: string): string {
  return text.replace("-", "−");
}

function superscript(digits: string): string {
  return [...digits.replace("+", "")]
    .map((digit) => (digit === "-" ? "⁻" : ("⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? "")))
    .join("");
}
