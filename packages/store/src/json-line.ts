import { UnshiftError } from "@unshift/contracts";

/**
 * One record as one line of JSON, newline included. Lone surrogates and control characters come out as escapes, so a line
 * is always valid UTF-8 and never holds a second newline. A number JSON cannot hold would be read back as null: refused.
 */
export function jsonLine(record: object): string {
  const text = JSON.stringify(record, (key, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw new UnshiftError("INTERNAL", `A record holds ${value} at "${key}", which JSON cannot hold.`);
    }
    return value;
  });
  return `${text}\n`;
}
