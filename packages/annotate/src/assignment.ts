import { createHash } from "node:crypto";

/** One thing to rate: a system's answer to a sample, or two systems' answers, left and right. */
export interface AssignedItem {
  readonly sampleId: string;
  readonly systems: readonly [string] | readonly [left: string, right: string];
}

/** A sample that may be rated. */
export interface RateableSample {
  readonly id: string;
  /** First sample of the chat it is of; its own id where it follows none. */
  readonly conversation: string;
  /** Systems that answered, in the experiment's order. */
  readonly systems: readonly string[];
}

/**
 * The items of a rater in the order in which they are shown, the same for the same seed, rater and samples. Chats come in an order
 * of the rater's own, their turns in theirs. Of every pair each system stands left in half of the samples (± 1); of single answers
 * each system stands at each place of a sample equally often (± 1 for samples that the same systems answered). Which half is drawn by
 * hash, so that one item tells nothing of the next.
 */
export function assignment(
  mode: "pairwise" | "rubric",
  samples: readonly RateableSample[],
  draw: Draw,
): AssignedItem[] {
  const place = new Map(samples.map(({ conversation }) => [conversation, draw("order", conversation)]));
  const ordered = samples.toSorted((a, b) => compare(place.get(a.conversation) ?? "", place.get(b.conversation) ?? ""));
  const items = mode === "pairwise" ? pairs(samples, draw) : places(samples, draw);
  return ordered.flatMap(({ id }) => (items.get(id) ?? []).map((systems) => ({ sampleId: id, systems })));
}

/** A text that stands for the words, without pattern. */
export type Draw = (...words: readonly string[]) => string;

/** Draws of a seed and a rater. */
export function drawOf(seed: number, rater: string): Draw {
  return (...words) =>
    createHash("sha256")
      .update(JSON.stringify([seed, rater, ...words]))
      .digest("hex");
}

type Systems = AssignedItem["systems"];

function pairs(samples: readonly RateableSample[], draw: Draw): Map<string, Systems[]> {
  const withPair = new Map<string, { readonly pair: readonly [string, string]; readonly ids: string[] }>();
  for (const { id, systems } of samples) {
    for (const [at, one] of systems.entries()) {
      for (const other of systems.slice(at + 1)) {
        const name = JSON.stringify([one, other]);
        const found = withPair.get(name) ?? { pair: [one, other] as const, ids: [] };
        found.ids.push(id);
        withPair.set(name, found);
      }
    }
  }
  const items = new Map<string, Systems[]>();
  for (const [name, { pair, ids }] of withPair) {
    const first = Number.parseInt(draw("first", name).slice(0, 2), 16) % 2;
    for (const [index, id] of shuffled(ids, (each) => draw("side", name, each)).entries()) {
      const [one, other] = pair;
      items.set(id, [...(items.get(id) ?? []), index % 2 === first ? [one, other] : [other, one]]);
    }
  }
  // Which pair comes first in a sample is drawn too.
  return new Map(
    [...items].map(([id, own]) => [id, shuffled(own, (systems) => draw("pair", id, ...systems.toSorted()))]),
  );
}

function places(samples: readonly RateableSample[], draw: Draw): Map<string, Systems[]> {
  const alike = new Map<string, RateableSample[]>();
  for (const sample of samples) {
    const name = JSON.stringify(sample.systems);
    alike.set(name, [...(alike.get(name) ?? []), sample]);
  }
  const items = new Map<string, Systems[]>();
  for (const [name, own] of alike) {
    for (const [index, { id, systems }] of shuffled(own, (each) => draw("place", each.id)).entries()) {
      // A block of as many samples as systems is a Latin square: a permutation, turned by one from sample to sample.
      const block = Math.floor(index / Math.max(1, systems.length));
      const permuted = shuffled(systems, (system) => draw("turn", name, String(block), system));
      const turned = permuted.map((_, at) => permuted[(at + index) % permuted.length] ?? "");
      items.set(
        id,
        turned.map((system) => [system] as const),
      );
    }
  }
  return items;
}

function shuffled<T>(values: readonly T[], key: (value: T) => string): T[] {
  return values
    .map((value) => ({ value, key: key(value) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ value }) => value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
