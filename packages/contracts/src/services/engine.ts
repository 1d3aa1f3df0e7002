import type { FinishReason } from "../answer.js";
import type { Embedder, Pooling } from "../embedder.js";
import type { JsonObject } from "../json.js";
import type { ModelView } from "../model-view.js";
import type { Prompt } from "../prompt.js";
import type { Ranker } from "../ranker.js";
import type { PositionColumns } from "../shift.js";

/** How numbers are computed; `strict`: an item's numbers do not depend on its neighbours, order or resumption. */
export type Numerics = "strict" | "fast";

/** On which devices a model lies and how its file is read. null: the engine's choice. */
export interface Placement {
  /** Names of devices of this machine; [] is the CPU alone. */
  readonly devices: readonly string[] | null;
  /** Servers of devices on other machines, `host:port`; their devices stand in front. */
  readonly rpc: readonly string[];
  /** Shares of the layers, in the order of `rpc` and `devices`. */
  readonly tensorSplit: readonly number[] | null;
  readonly splitMode: "layer" | "row" | "none" | null;
  /** Index of the one device of `splitMode: none`. */
  readonly mainGpu: number | null;
  /** Weights are mapped from the file rather than read. */
  readonly mmap: boolean | null;
}

/** What to open and how. Everything here but `threads`, `inTurn` and how the file is read can change numbers and is part of the keys. */
export interface ModelRequest {
  /** Name in the experiment. */
  readonly name: string;
  /** Absolute path of the file. */
  readonly path: string;
  readonly contextSize: number | null;
  readonly gpuLayers: number | null;
  readonly chunkSize: number | null;
  readonly numerics: Numerics;
  /** Answers generated at the same time. */
  readonly sequences: number;
  readonly threads: number | null;
  readonly placement?: Placement;
  /** Weights are there only while something is computed with them, and of all such models those of one at a time. */
  readonly inTurn?: boolean;
}

/** What a model is to do: each part takes a memory of its own. */
export interface ModelRoles {
  readonly generates: boolean;
  readonly reference: boolean;
  readonly subject: boolean;
}

/** Bytes a model will take on one device. `CPU` is this machine's memory. */
export interface DeviceNeed {
  readonly device: string;
  readonly weightsBytes: number;
  readonly contextBytes: number;
}

export interface MemoryNeed {
  /** Sums over `devices`. */
  readonly weightsBytes: number;
  readonly contextBytes: number;
  /** `CPU` first. */
  readonly devices: readonly DeviceNeed[];
}

/** What a device can still give. */
export interface AvailableMemory {
  readonly device: string;
  readonly availableBytes: number;
  /** What the figure is, for people: "MemAvailable", "limit of the cgroup". */
  readonly source: string;
}

/** What a model is, for keys and manifests. */
export interface ModelIdentity {
  readonly fileHash: string;
  readonly vocabularyHash: string;
  readonly vocabularySize: number;
  readonly architecture: string;
  readonly description: string;
  readonly parameters: number;
  readonly sizeBytes: number;
  readonly contextSize: number;
  readonly trainedContext: number;
}

export interface Decoding {
  readonly maxTokens: number;
  /** 0: greedy. */
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  /** Hugging Face semantics, over prompt and output. */
  readonly repetitionPenalty: number;
  readonly seed: number;
}

export interface EncodedPrompt {
  readonly prompt: Prompt;
  readonly ids: Int32Array;
  readonly prefixLength: number;
}

export interface GenerationItem {
  readonly prompt: EncodedPrompt;
  readonly decoding: Decoding;
  /** JSON Schema of an object: the answer can be nothing else. An engine that cannot hold to it throws GRAMMAR_UNSUPPORTED. */
  readonly schema?: JsonObject;
}

/** One answer as generated. Same meaning as in an answer record. */
export interface GeneratedAnswer {
  readonly ids: readonly number[];
  readonly rawIds: readonly number[];
  readonly text: string;
  readonly raw: string;
  readonly finishReason: FinishReason;
  readonly stop: string | null;
  readonly durationMs: number;
}

/** An id as people and tools see it. */
export interface TokenView {
  readonly id: number;
  /** Text; bytes that are no UTF-8 by themselves appear as `\xE2`. */
  readonly text: string;
  /** A control token (BOS, end of turn). */
  readonly special: boolean;
}

/** Rows of logits to hand out whole. */
export interface LogitsItem {
  /** [n] All are read; row i is the model's distribution behind `ids[i]`, over what comes next. At least one. */
  readonly ids: Int32Array;
  /** Leading ids that other items share. */
  readonly prefixLength: number;
  /**
   * First row that can be asked for, 0 … n − 1. Of an answer behind a prompt of p ids: p − 1, with `ids` the prompt and the answer
   * without its last id; the rows are then those that `compare` and `score` reduce, bit for bit under `strict`.
   */
  readonly from: number;
  /** Rising. Absent: all from `from` on. */
  readonly rows?: Int32Array;
  /** `f16`: IEEE binary16, the nearest to the float32, ties to even. */
  readonly dtype: "f32" | "f16";
  /** x − log Σ exp over the whole vocabulary instead of the logits; nats. */
  readonly logProbabilities: boolean;
  /** As the model gave them, NaN and infinities too; not with `logProbabilities`. Absent: those throw LOGITS_NOT_FINITE. */
  readonly raw?: boolean;
  /** Bound on one block, which holds one row at least. Changes no number. */
  readonly blockBytes?: number;
}

/** Some rows, one after another. */
export interface LogitsBlock {
  /** [r] which rows of the item */
  readonly rows: Int32Array;
  /** [r, V] row by row; `Uint16Array` holds the bits of binary16. The reader's to keep. */
  readonly values: Float32Array | Uint16Array;
}

export interface OpenModel {
  readonly name: string;
  readonly identity: ModelIdentity;
  readonly view: ModelView;
  /** Throws TOKENIZE_UNKNOWN_CHARACTER. */
  encode(prompt: Prompt): EncodedPrompt;
  token(id: number): TokenView;
  /** Ids of a plain text that continues another one: no BOS, no space put in front, no control tokens. */
  encodeText(text: string): Int32Array;
  /** Calls `onDone` as answers end, in any order; resolves when all have ended. */
  generate(
    items: readonly GenerationItem[],
    options: { readonly signal: AbortSignal; readonly onDone: (index: number, answer: GeneratedAnswer) => void },
  ): Promise<void>;
  /** The bytes an id stands for; a control token's are its spelling. Absent: the engine does not know them. */
  tokenBytes?(id: number): Uint8Array;
  /**
   * Rows of logits whole, block by block: `for await (const block of model.logits(item, { signal }))`. At most one block is computed
   * ahead of its reader, and leaving the loop ends everything. Not while the model compares or scores. Absent: the engine cannot.
   */
  logits?(item: LogitsItem, options: { readonly signal: AbortSignal }): AsyncIterable<LogitsBlock>;
  dispose(): Promise<void>;
}

export interface VocabularyMatch {
  readonly relation: "identical" | "reference-extends" | "subject-extends";
  readonly commonSize: number;
  /** For people, where the vocabularies are not identical. */
  readonly note: string | null;
}

export interface CompareItem {
  readonly referencePrompt: { readonly ids: Int32Array; readonly prefixLength: number };
  readonly subjectPrompt: { readonly ids: Int32Array; readonly prefixLength: number };
  readonly answerIds: Int32Array;
  readonly topK: number;
}

/** Where rows of logits wait until the other model reads them. */
export interface WaitingRows {
  /** Made where it is missing. What a stopped run left there is used again, and removed when it is read. */
  readonly folder: string;
  /** Bound on the bytes of all rows that wait; one answer's rows may exceed it. */
  readonly maxBytes: number;
  /** `f32` keeps every bit. `f16` takes half the space and rounds. */
  readonly precision: "f32" | "f16";
}

/** What one item of a comparison in turn came to. */
export type ComparedInTurn =
  | {
      readonly columns: PositionColumns;
      readonly durationMs: number;
      /** Largest total variation, and KL in nats, between a row and what was kept of it. Absent: nothing was rounded. */
      readonly rounding?: { readonly tv: number; readonly kl: number };
    }
  | { readonly error: Error };

export interface EmbedderRequest {
  readonly model:
    | OpenModel
    | { readonly path: string; readonly gpuLayers: number | null; readonly threads: number | null };
  /** null: what the model file says; of a model for generation, which says nothing, mean. */
  readonly pooling: Pooling | null;
}

export interface OpenEmbedder extends Embedder {
  dispose(): Promise<void>;
}

export interface RankerRequest {
  /** Absolute path of the file. */
  readonly path: string;
  readonly gpuLayers: number | null;
  readonly threads: number | null;
}

export interface OpenRanker extends Ranker {
  dispose(): Promise<void>;
}

/** Computes: opens models, generates, compares. `engine-llama` is one; the testkit's fake is another. */
export interface Engine {
  /** Name, version and build that change numbers: part of every key. */
  readonly identity: string;
  /** Version of how a request's schema limits what may be sampled: part of the key of what a local judge replies. */
  readonly schemaVersion?: string;
  open(
    request: ModelRequest,
    options: { readonly signal: AbortSignal; readonly onProgress?: (share: number) => void },
  ): Promise<OpenModel>;
  /** Throws VOCABULARY_MISMATCH with both hashes and the first differing token. */
  matchVocabulary(reference: OpenModel, subject: OpenModel): VocabularyMatch;
  /** Teacher-forces `answerIds` under both prompts. */
  compare(
    reference: OpenModel,
    subject: OpenModel,
    item: CompareItem,
    options: { readonly signal: AbortSignal },
  ): Promise<PositionColumns>;
  /**
   * Teacher-forces `answerIds` under the subject's prompt alone, for answers that came without a model: columns
   * `withoutReference`. Absent: the engine cannot.
   */
  score?(
    subject: OpenModel,
    item: Omit<CompareItem, "referencePrompt">,
    options: { readonly signal: AbortSignal },
  ): Promise<PositionColumns>;
  /**
   * An embedder over an open model, or over a file of its own. Throws EMBEDDING_UNSUPPORTED where the model gives no rows under
   * this pooling. Absent: the engine cannot.
   */
  embedder?(request: EmbedderRequest, options: { readonly signal: AbortSignal }): Promise<OpenEmbedder>;
  /** The classifier head of a file. Throws EMBEDDING_UNSUPPORTED where it has none, MODEL_…. Absent: the engine cannot. */
  ranker?(request: RankerRequest, options: { readonly signal: AbortSignal }): Promise<OpenRanker>;
  /**
   * Teacher-forces every item as `compare` does, with the weights of one model at a time: the reference's rows of a group of items wait on
   * disk, the models change places, the subject reads them. With `f32` rows columns are bit for bit those of `compare`. `onDone` is
   * waited for, item by item in order; an item's own fault is its outcome, any other rejects. Absent: the engine cannot.
   */
  compareInTurn?(
    reference: OpenModel,
    subject: OpenModel,
    items: readonly (CompareItem & { readonly key: string })[],
    options: {
      readonly signal: AbortSignal;
      readonly rows: WaitingRows;
      readonly onDone: (index: number, outcome: ComparedInTurn) => Promise<void>;
      /** Waited for before the rows of the items since the last call are removed. */
      readonly onGroup: () => Promise<void>;
    },
  ): Promise<void>;
  /** Memory a request will need, before it is opened. Default: every role. Throws DEVICE_NOT_FOUND, RPC_…, MODEL_…. */
  estimate(request: ModelRequest, roles?: ModelRoles): Promise<MemoryNeed>;
  /** What this machine's memory, and every device that was asked for so far, can still give. Absent: the engine does not know. */
  available?(): Promise<readonly AvailableMemory[]>;
  dispose(): Promise<void>;
}
