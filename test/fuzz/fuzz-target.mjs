import { mutate, seeded } from "./mutate.mjs";

/** Milliseconds one input may take, on a machine that does other things as well. */
const slow = 20_000;

/**
 * Gives a target mutated inputs, the same ones for a seed, until the time is over.
 *
 * @param {(typeof import("./targets.mjs").targets)[number]} target
 * @param {{ seed: number, milliseconds: number, corpus: readonly Uint8Array[], mostFailures?: number }} options
 * @returns {Promise<{ inputs: number, failures: { input: Uint8Array, error: unknown }[] }>}
 */
export async function fuzzTarget(target, { seed, milliseconds, corpus, mostFailures = 1 }) {
  const random = seeded(seed);
  const starts = [...target.seeds, ...corpus];
  const failures = [];
  const said = new Set();
  let inputs = 0;
  const check = async (/** @type {Uint8Array} */ input) => {
    inputs += 1;
    const started = performance.now();
    let error;
    try {
      await target.run(input);
    } catch (thrown) {
      error = thrown;
    }
    const took = performance.now() - started;
    if (error === undefined && took > slow) error = new Error(`${took.toFixed(0)} ms for ${input.length} bytes`);
    if (error === undefined) return;
    // One of each kind: the first line of the stack below the message tells them apart.
    const kind =
      String(error?.stack ?? error)
        .split("\n")
        .find((line) => line.trimStart().startsWith("at ")) ?? String(error);
    if (said.has(kind)) return;
    said.add(kind);
    failures.push({ input, error });
  };
  for (const input of starts) await check(input);
  const end = performance.now() + milliseconds;
  while (performance.now() < end && failures.length < mostFailures)
    await check(mutate(starts, target.dictionary, random));
  return { inputs, failures };
}
