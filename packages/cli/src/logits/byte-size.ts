import { usageError } from "../output/failure.js";

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** Reads the text of an option as a number of bytes: `64MiB`, `1.5 GB`, `4096`. */
export function byteSize(option: string): (given: unknown) => number {
  return (given) => {
    const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(typeof given === "string" ? given.trim() : "") ?? [];
    const factor = units[(unit ?? "").toLowerCase()];
    const bytes = Math.floor(Number(number) * (factor ?? Number.NaN));
    if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
    const found = Array.isArray(given) ? "is given twice" : `is ${JSON.stringify(given)}`;
    throw usageError(`--${option} ${found}; it takes a size such as 64MiB, 1GB or 4096`);
  };
}
