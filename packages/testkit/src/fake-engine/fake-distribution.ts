import { fakeEnds, fakeEos, firstByteId, firstPieceId } from "./fake-vocabulary.js";

/** What of a context the logits depend on: its last two ids and a hash of all. */
export interface ContextState {
  readonly last: number;
  readonly before: number;
  readonly all: number;
}

export interface FakeDistribution {
  readonly family: number;
  readonly seed: number;
  readonly own: number;
  readonly context: number;
  readonly size: number;
}

const emptyContext: ContextState = { last: -1, before: -1, all: 0 };

/** FNV-1a over UTF-16 code units. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Two 32-bit integers to one: multiply, xor, shift. */
function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ b;
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** A number in (0, 1] that depends on all arguments. */
function uniform(a: number, b: number, c: number): number {
  return (mix(mix(a, b), c) + 1) / 2 ** 32;
}

export function advance(state: ContextState, id: number): ContextState {
  return { last: id, before: state.last, all: mix(state.all, id) };
}

export function contextOf(ids: Iterable<number>): ContextState {
  let state = emptyContext;
  for (const id of ids) state = advance(state, id);
  return state;
}

/**
 * [v] logits behind a context, with u(…) uniform in (0, 1]:
 *
 *   logit(v) = −3 ln u(family, last, v) + own · u(seed, last two ids, v) + context · u(seed, all ids, v) + bias(v)
 *
 * The first term is shared by a family and has the long tail that makes one id win most of the time; the others move a
 * model away from it. bias: 4 for `</s>` (answers of some twenty tokens), 0 for pieces, −9 for printable ASCII bytes, −30 for
 * other bytes and control tokens.
 */
export function fakeLogits(model: FakeDistribution, state: ContextState): Float64Array {
  const logits = new Float64Array(model.size);
  const lastTwo = mix(mix(model.seed, state.before), state.last);
  const whole = mix(model.seed, state.all);
  const shared = mix(model.family, state.last);
  for (let id = 0; id < model.size; id += 1) {
    logits[id] =
      -3 * Math.log(uniform(shared, 1, id)) +
      model.own * uniform(lastTwo, 2, id) +
      model.context * uniform(whole, 3, id) +
      bias(id);
  }
  return logits;
}

function bias(id: number): number {
  if (id === fakeEos) return 4;
  if (id >= firstPieceId) return 0;
  if (fakeEnds.has(id) || id < firstByteId) return -30;
  const byte = id - firstByteId;
  return byte >= 0x20 && byte < 0x7f ? -9 : -30;
}
