import type { FinishReason } from "@unshift/contracts";
import type { GeneratedAnswer, GenerationItem } from "@unshift/contracts/services";
import {
  advance,
  type ContextState,
  contextOf,
  type FakeDistribution,
  fakeLogits,
  hashText,
} from "./fake-distribution.js";
import { fakeInstance } from "./fake-instance.js";
import { FakeSampler } from "./fake-sampler.js";
import { type FakeStop, findStop, trimmedLength } from "./fake-stops.js";
import { type FakeVocabulary, fakeEnds, fakeEos } from "./fake-vocabulary.js";

/** One answer while it grows, a token at a time. */
export class FakeAnswer {
  readonly #item: GenerationItem;
  readonly #vocabulary: FakeVocabulary;
  readonly #distribution: FakeDistribution;
  readonly #contextSize: number;
  readonly #sampler: FakeSampler;
  /** Ids of the value that a schema asks for, or null. */
  readonly #value: readonly number[] | null;
  readonly #ids: number[] = [];
  /** Bytes generated so far, one `latin1` character each; stop texts are sought in it, so they may span ids. */
  #bytes = "";
  #state: ContextState;
  readonly #started = performance.now();

  constructor(item: GenerationItem, vocabulary: FakeVocabulary, distribution: FakeDistribution, contextSize: number) {
    this.#item = item;
    this.#vocabulary = vocabulary;
    this.#distribution = distribution;
    this.#contextSize = contextSize;
    this.#value = valueIds(item, vocabulary, distribution);
    this.#sampler = new FakeSampler(item.decoding, item.prompt.ids);
    this.#state = contextOf(item.prompt.ids);
  }

  /** Adds a token; the finished answer once it has ended. */
  step(): GeneratedAnswer | null {
    if (this.#item.decoding.maxTokens === 0) return this.#finish("length", null);
    const id = this.#next();
    this.#ids.push(id);
    this.#state = advance(this.#state, id);
    if (fakeEnds.has(id)) return this.#finish("eos", null);
    const before = this.#bytes.length;
    this.#bytes += this.#vocabulary.bytes(id);
    const stop = this.#value === null ? findStop(this.#item.prompt.prompt, this.#bytes, before + 1) : null;
    if (stop !== null) return this.#finish("stop", stop);
    if (this.#ids.length >= this.#item.decoding.maxTokens) return this.#finish("length", null);
    if (this.#item.prompt.ids.length + this.#ids.length >= this.#contextSize) return this.#finish("context", null);
    return null;
  }

  #next(): number {
    if (this.#value !== null) return this.#value[this.#ids.length] ?? fakeEos;
    return this.#sampler.next(fakeLogits(this.#distribution, this.#state));
  }

  #finish(finishReason: FinishReason, stop: FakeStop | null): GeneratedAnswer {
    const { prompt } = this.#item.prompt;
    const end = stop?.at ?? trimmedLength(prompt, this.#bytes);
    const whole = stop === null && end === this.#bytes.length;
    return {
      ids: whole ? [...this.#ids] : this.#idsWithin(end),
      rawIds: [...this.#ids],
      text: utf8(this.#bytes.slice(0, end)),
      raw: utf8(this.#bytes),
      finishReason,
      stop: stop?.text ?? null,
      durationMs: performance.now() - this.#started,
    };
  }

  /** Leading ids whose bytes all lie within the first `end` bytes. */
  #idsWithin(end: number): number[] {
    let used = 0;
    return this.#ids.filter((id) => {
      used += this.#vocabulary.bytes(id).length;
      return used <= end;
    });
  }
}

/** Under a schema the answer is a value of it, written compactly, and then the end; stop texts do not count. */
function valueIds(item: GenerationItem, vocabulary: FakeVocabulary, distribution: FakeDistribution): number[] | null {
  const { schema, prompt, decoding } = item;
  if (schema === undefined) return null;
  const seed = decoding.temperature === 0 ? 0 : decoding.seed;
  const value = fakeInstance(schema, hashText(`${distribution.seed} ${seed} ${prompt.prompt.text}`));
  return vocabulary.encode(JSON.stringify(value), false);
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}
