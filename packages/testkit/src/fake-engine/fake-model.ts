import { createHash } from "node:crypto";
import { type ModelView, type Prompt, UnshiftError } from "@unshift/contracts";
import type {
  EncodedPrompt,
  GenerationItem,
  LogitsBlock,
  LogitsItem,
  ModelIdentity,
  ModelRequest,
  OpenModel,
  TokenView,
} from "@unshift/contracts/services";
import { FakeAnswer } from "./fake-answer.js";
import type { FakeCalls } from "./fake-calls.js";
import { type FakeDistribution, hashText } from "./fake-distribution.js";
import type { FakeEngineOptions, FakeModelOptions } from "./fake-options.js";
import { fakeRows } from "./fake-rows.js";
import { FakeVocabulary, fakeBos, fakeChatTemplate, fakeControls, fakeEos } from "./fake-vocabulary.js";
import { pause } from "./pause.js";

/** A model without weights: its numbers come from formulas over names and ids (see `fakeLogits`). */
export class FakeModel implements OpenModel {
  readonly name: string;
  readonly identity: ModelIdentity;
  readonly view: ModelView;
  readonly vocabulary: FakeVocabulary;
  readonly distribution: FakeDistribution;
  readonly #engine: FakeEngineOptions;
  readonly #calls: FakeCalls;
  readonly #sequences: number;
  #disposed = false;

  constructor(request: ModelRequest, options: FakeModelOptions, engine: FakeEngineOptions, calls: FakeCalls) {
    this.name = request.name;
    this.#engine = engine;
    this.#calls = calls;
    this.#sequences = request.sequences;
    this.vocabulary = new FakeVocabulary({
      extraTokens: options.extraTokens ?? 0,
      reversed: options.reversedVocabulary ?? false,
    });
    this.distribution = {
      family: hashText(options.family ?? "fake"),
      seed: hashText(options.seed ?? request.name),
      own: options.own ?? 1,
      context: options.context ?? 0.5,
      size: this.vocabulary.size,
    };
    const contextSize = options.contextSize ?? request.contextSize ?? 4096;
    this.identity = {
      fileHash: createHash("sha256").update(JSON.stringify(this.distribution)).digest("hex"),
      vocabularyHash: this.vocabulary.hash,
      vocabularySize: this.vocabulary.size,
      architecture: "fake",
      description: "fake model with distributions given by formulas",
      parameters: 0,
      sizeBytes: 0,
      contextSize,
      trainedContext: contextSize,
    };
    this.view = {
      name: request.name,
      chatTemplate: options.chatTemplate === undefined ? fakeChatTemplate : options.chatTemplate,
      metadata: { "general.architecture": "fake" },
      bosText: fakeControls[fakeBos],
      eosText: fakeControls[fakeEos],
      contextSize,
      countTokens: (text) => this.vocabulary.encode(text, false).length,
    };
  }

  encodeText(text: string): Int32Array {
    return Int32Array.from(this.vocabulary.encode(text, false));
  }

  encode(prompt: Prompt): EncodedPrompt {
    this.alive();
    if (holds(prompt.text, this.#engine.failEncode)) {
      throw new UnshiftError("TOKENIZE_UNKNOWN_CHARACTER", `the prompt holds "${this.#engine.failEncode}"`);
    }
    const ids = this.#idsOf(prompt, prompt.text);
    const prefix = this.#idsOf(prompt, prompt.text.slice(0, prompt.staticChars));
    // As in the real engine: the leading ids both share, and at least one id behind them.
    const limit = prompt.staticChars > 0 ? Math.min(prefix.length, ids.length - 1) : 0;
    let prefixLength = 0;
    while (prefixLength < limit && prefix[prefixLength] === ids[prefixLength]) prefixLength += 1;
    return { prompt, ids: Int32Array.from(ids), prefixLength };
  }

  #idsOf(prompt: Prompt, text: string): number[] {
    const ids = this.vocabulary.encode(text, prompt.parseSpecial);
    return prompt.bos === "auto" && ids[0] !== fakeBos ? [fakeBos, ...ids] : ids;
  }

  token(id: number): TokenView {
    return this.vocabulary.view(id);
  }

  /** As many answers at a time as the request asked for, a token each in turn, so that short ones end first. */
  async generate(items: readonly GenerationItem[], options: Parameters<OpenModel["generate"]>[1]): Promise<void> {
    this.alive();
    const waiting = Array.from(items.entries());
    let active: { readonly index: number; readonly answer: FakeAnswer }[] = [];
    while (waiting.length > 0 || active.length > 0) {
      while (active.length < Math.max(1, this.#sequences)) {
        const next = waiting.shift();
        if (next === undefined) break;
        active.push({ index: next[0], answer: this.#admit(next[1]) });
      }
      const going: typeof active = [];
      for (const one of active) {
        await pause(this.#engine.delayMs ?? 0, options.signal);
        const done = one.answer.step();
        if (done === null) going.push(one);
        else options.onDone(one.index, done);
      }
      active = going;
    }
  }

  tokenBytes(id: number): Uint8Array {
    return Buffer.from(this.vocabulary.bytes(id), "latin1");
  }

  async *logits(item: LogitsItem, options: { readonly signal: AbortSignal }): AsyncGenerator<LogitsBlock> {
    for (const block of fakeRows(this.distribution, item)) {
      await pause(this.#engine.delayMs ?? 0, options.signal);
      this.alive();
      yield block;
    }
  }

  #admit(item: GenerationItem): FakeAnswer {
    const { prompt, ids } = item.prompt;
    this.#calls.generated.push({ model: this.name, prompt: prompt.text });
    if (holds(prompt.text, this.#engine.failGenerate)) {
      throw new UnshiftError("DECODE_FAILED", `the prompt holds "${this.#engine.failGenerate}"`);
    }
    if (ids.length === 0) throw new UnshiftError("NATIVE_INVALID_ARGUMENT", "a prompt needs at least one token");
    const { contextSize } = this.identity;
    if (ids.length >= contextSize) {
      throw new UnshiftError("CONTEXT_TOO_SMALL", `the prompt has ${ids.length} tokens, the context ${contextSize}`);
    }
    return new FakeAnswer(item, this.vocabulary, this.distribution, contextSize);
  }

  async dispose(): Promise<void> {
    if (!this.#disposed) this.#calls.disposed.push(this.name);
    this.#disposed = true;
  }

  /** Throws NATIVE_DISPOSED once it is closed. */
  alive(): void {
    if (this.#disposed) throw new UnshiftError("NATIVE_DISPOSED", `model "${this.name}" was used after it was closed`);
  }
}

function holds(text: string, marker: string | undefined): boolean {
  return marker !== undefined && text.includes(marker);
}
