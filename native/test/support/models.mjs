/** Tiny models in a temporary folder, made once per test file and removed at its end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { writeTinyModel } from "./tiny-gguf.mjs";

export const folder = mkdtempSync(join(tmpdir(), "unshift-native-"));
// File hashes of tests do not belong in the user's cache.
process.env.XDG_CACHE_HOME = folder;
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const made = new Map();

/** Path of a tiny model; the same name and options give the same file. @param {string} name @param {Parameters<typeof writeTinyModel>[1]} [options] */
export function tinyModel(name, options) {
  if (!made.has(name)) {
    const path = join(folder, `${name}.gguf`);
    writeTinyModel(path, options);
    made.set(name, path);
  }
  return made.get(name);
}

/** A tiny model and the weights it was written with. @param {string} name @param {Parameters<typeof writeTinyModel>[1]} options */
export function withWeights(name, options) {
  const kept = new Map();
  const path = tinyModel(name, {
    ...options,
    weights: (tensor, values) => kept.set(tensor, Float64Array.from(values)),
  });
  const weights = (/** @type {string} */ tensor) => {
    const values = kept.get(tensor);
    if (values === undefined) throw new Error(`no tensor ${tensor}`);
    return values;
  };
  return { path, weights };
}

/** A small context on one thread: many tests share few cores. */
export const small = { contextSize: 256, chunkSize: 16, threads: 1 };

/** Bit equality, NaN and signs included. @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function sameBits(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** Ids of a repeatable pseudo-random text. @param {number} seed @param {number} n @param {number} [v] */
export function randomIds(seed, n, v = 300) {
  let x = seed * 2654435761 + 12345;
  return Int32Array.from({ length: n }, () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return 3 + ((x >>> 8) % (v - 3));
  });
}
