import { usageError } from "../output/failure.js";

/** Reads the text of an option as a whole number, and refuses any other in the person's own words. */
export function wholeNumber(option: string, least: number): (given: unknown) => number {
  return (given) => {
    const text = typeof given === "string" ? given.trim() : "";
    const number = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(number) && number >= least) return number;
    const found = Array.isArray(given) ? "is given twice" : `is ${JSON.stringify(given)}`;
    throw usageError(`--${option} ${found}; it takes a whole number ≥ ${least}`);
  };
}
