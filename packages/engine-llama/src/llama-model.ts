import { type ModelView, type Prompt, UnshiftError } from "@unshift/contracts";
import type {
  EncodedPrompt,
  GeneratedAnswer,
  GenerationItem,
  LogitsBlock,
  LogitsItem,
  ModelIdentity,
  ModelRequest,
  OpenModel,
  TokenView,
} from "@unshift/contracts/services";
import type { Context, GenerateRequest, Model } from "@unshift/native";
import { type ContextRole, contextOptions } from "./context-options.js";
import { encodePrompt } from "./encode-prompt.js";
import { encodeText } from "./encode-text.js";
import { finishAnswer } from "./finish-answer.js";
import type { LlamaEmbedder } from "./llama-embedder.js";
import { coded, fromNative } from "./native-error.js";
import { readLogits } from "./read-logits.js";
import type { Residence } from "./residence.js";
import { schemaGrammar } from "./schema-grammar/schema-grammar.js";
import { tokenText } from "./token-text.js";

/** One open GGUF with the contexts it was asked for so far. */
export class LlamaModel implements OpenModel {
  readonly name: string;
  readonly view: ModelView;
  private readonly contexts = new Map<ContextRole, Context>();
  /** Embedders over this model: they are closed with it. */
  readonly embedders = new Set<LlamaEmbedder>();
  private readonly tokens = new Map<number, TokenView>();

  /** Weights of a model in turn, while they are there. */
  private weights: Model | null = null;

  /**
   * @param native the model; of one in turn what knows its vocabulary and metadata, without weights
   * @param turn of a model in turn: where it waits for the others, and how its weights are loaded
   */
  constructor(
    readonly request: ModelRequest,
    readonly native: Model,
    readonly identity: ModelIdentity,
    private readonly turn: { readonly residence: Residence; readonly load: () => Promise<Model> } | null = null,
  ) {
    this.name = request.name;
    const spelling = (id: number) => (id < 0 ? null : this.token(id).text);
    this.view = {
      name: request.name,
      chatTemplate: native.chatTemplate,
      metadata: native.metadata,
      bosText: spelling(native.vocabulary.bos),
      eosText: spelling(native.vocabulary.eos),
      contextSize: identity.contextSize,
      countTokens: (text) => this.encodeText(text).length,
    };
  }

  encode(prompt: Prompt): EncodedPrompt {
    try {
      return encodePrompt(this.native, prompt);
    } catch (error) {
      throw fromNative(error);
    }
  }

  token(id: number): TokenView {
    let view = this.tokens.get(id);
    if (view === undefined) {
      const kind = this.native.tokenKind(id);
      view = { id, text: tokenText(this.native.tokenBytes(id)), special: kind === "control" || kind === "unknown" };
      this.tokens.set(id, view);
    }
    return view;
  }

  async generate(
    items: readonly GenerationItem[],
    options: { readonly signal: AbortSignal; readonly onDone: (index: number, answer: GeneratedAnswer) => void },
  ): Promise<void> {
    await this.during(async () => {
      const context = await this.context("generate");
      await coded(() =>
        context.generate(items.map(toRequest), {
          signal: options.signal,
          onDone: (index, generation) => {
            options.onDone(index, finishAnswer(this.native, generation, items[index]?.prompt.prompt ?? {}));
          },
        }),
      );
    });
  }

  /** Runs `work` with the model's weights there; contexts are made within it. */
  during<Result>(work: (weights: Model) => Promise<Result>): Promise<Result> {
    return this.turn === null ? work(this.native) : this.turn.residence.during(this, work);
  }

  /** Whether weights come and go. */
  get inTurn(): boolean {
    return this.turn !== null;
  }

  async load(): Promise<Model> {
    this.weights = (await this.turn?.load()) ?? this.native;
    return this.weights;
  }

  unload(): void {
    this.dropContexts();
    this.weights?.dispose();
    this.weights = null;
  }

  tokenBytes(id: number): Uint8Array {
    return this.native.tokenBytes(id);
  }

  async *logits(item: LogitsItem, options: { readonly signal: AbortSignal }): AsyncGenerator<LogitsBlock> {
    const stay = await this.turn?.residence.enter(this);
    try {
      yield* readLogits(await this.context("subject"), item, options.signal);
    } finally {
      stay?.leave();
    }
  }

  /**
   * The context of a role, made on first use. Answers are generated before they are scored: the memory of generation is given
   * back when scoring begins, and made again should more be generated.
   */
  async context(role: ContextRole): Promise<Context> {
    if (role !== "generate") {
      this.contexts.get("generate")?.dispose();
      this.contexts.delete("generate");
    }
    let context = this.contexts.get(role);
    if (context === undefined) {
      const options = contextOptions(this.request, this.identity.contextSize, role);
      context = await coded(() => (this.weights ?? this.native).createContext(options));
      this.contexts.set(role, context);
    }
    return context;
  }

  async dispose(): Promise<void> {
    for (const embedder of this.embedders) {
      await embedder.dispose();
    }
    this.turn?.residence.release(this);
    this.dropContexts();
    this.native.dispose();
  }

  private dropContexts(): void {
    for (const context of this.contexts.values()) {
      context.dispose();
    }
    this.contexts.clear();
  }

  encodeText(text: string): Int32Array {
    try {
      return encodeText(this.native, text);
    } catch (error) {
      throw fromNative(error);
    }
  }
}

function toRequest(item: GenerationItem): GenerateRequest {
  const { decoding, prompt } = item;
  if (prompt.ids.length === 0) {
    throw new UnshiftError("STRATEGY_FAILED", "the prompt has no token: an empty text for a vocabulary without BOS");
  }
  return {
    prompt: prompt.ids,
    prefixLength: prompt.prefixLength,
    maxTokens: decoding.maxTokens,
    temperature: decoding.temperature,
    topK: decoding.topK,
    topP: decoding.topP,
    minP: decoding.minP,
    repetitionPenalty: decoding.repetitionPenalty,
    seed: decoding.seed,
    ...endOf(item),
  };
}

/** What ends an answer. Under a schema it is the whole value alone: a stop text within a string must not cut it. */
function endOf({ prompt: { prompt }, decoding, schema }: GenerationItem) {
  if (schema !== undefined) {
    return { grammar: schemaGrammar(schema, decoding.maxTokens) };
  }
  return { stop: prompt.stop, stopAlways: prompt.stopAlways ?? [], codeBlocks: prompt.codeBlocks ?? false };
}
