/** Numbers in [0, 1) that a seed alone decides (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in an order that the seed decides (Fisher and Yates), every order equally likely. */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const next = random(seed);
  const order = [...items];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(next() * (at + 1));
    const here = order[at] as Item;
    order[at] = order[other] as Item;
    order[other] = here;
  }
  return order;
}

/** A permutation of 0 … n−1 in which no index keeps its place: one cycle through all of them, in an order the seed decides. */
export function derangement(n: number, seed: number): number[] {
  const cycle = shuffled(
    Array.from({ length: n }, (_, index) => index),
    seed,
  );
  const to = new Array<number>(n).fill(0);
  cycle.forEach((from, at) => {
    to[from] = cycle[(at + 1) % n] ?? from;
  });
  return to;
}
