const space = "\u202f";
const none = "–";

/** `5,210` */
export function count(value: number | null): string {
  return value === null ? none : value.toLocaleString("en-US");
}

/** A share (0–1) as `93.1 %`; two digits where it is small, `< 0.01 %` where it vanishes. */
export function percent(share: number | null): string {
  if (share === null || Number.isNaN(share)) return none;
  const value = share * 100;
  if (value > 0 && value < 0.01) return `<${space}0.01${space}%`;
  return `${percentDigits(value)}${space}%`;
}

/** `91.8–94.2 %` */
export function percentRange(low: number | null, high: number | null): string {
  return low === null || high === null ? "" : `${percentDigits(low * 100)}–${percentDigits(high * 100)}${space}%`;
}

function percentDigits(value: number): string {
  const digits = value === 0 || value === 100 ? 0 : Math.abs(value) < 1 ? 2 : Math.abs(value) > 99.9 ? 2 : 1;
  return minus(value.toFixed(digits));
}

/** Nats, ranks and other real numbers: three significant digits, no exponent where one can be avoided. */
export function real(value: number | null): string {
  if (value === null || Number.isNaN(value)) return none;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.0005) {
    const [mantissa = "", exponent = ""] = value.toExponential(1).split("e");
    return `${minus(mantissa)}·10${superscript(exponent)}`;
  }
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return minus(
    Number(value.toFixed(digits)).toLocaleString("en-US", {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }),
  );
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

/** A difference with its sign. */
export function signed(text: string, value: number | null): string {
  return value !== null && value > 0 ? `+${text}` : text;
}

function minus(text: string): string {
  return text.replace("-", "−");
}

function superscript(digits: string): string {
  return [...digits.replace("+", "")]
    .map((digit) => (digit === "-" ? "⁻" : ("⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? "")))
    .join("");
}
