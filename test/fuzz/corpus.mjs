import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("corpus/", import.meta.url));

/** Inputs that once showed a fault, by target. */
export function corpusOf(/** @type {string} */ target) {
  let names;
  try {
    names = readdirSync(join(folder, target));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
  return names.sort().map((name) => readFileSync(join(folder, target, name)));
}

/** Keeps an input; returns its path. */
export function keep(/** @type {string} */ target, /** @type {Uint8Array} */ input) {
  mkdirSync(join(folder, target), { recursive: true });
  const path = join(folder, target, `${createHash("sha256").update(input).digest("hex").slice(0, 16)}.bin`);
  writeFileSync(path, input);
  return path;
}
