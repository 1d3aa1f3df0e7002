import type { FinishReason } from "../answer.js";
import type { ModelView } from "../model-view.js";
import type { Prompt } from "../prompt.js";
import type { PositionColumns } from "../shift.js";

/** How numbers are computed; `strict`: an item's numbers do not depend on its neighbours, order or resumption. */
export type Numerics = "strict" | "fast";

/** What to open and how. Everything here can change numbers, so all of it is part of the keys. */
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

export interface OpenModel {
  readonly name: string;
  readonly identity: ModelIdentity;
  readonly view: ModelView;
  /** Throws TOKENIZE_UNKNOWN_CHARACTER. */
  encode(prompt: Prompt): EncodedPrompt;
  token(id: number): TokenView;
  /** Calls `onDone` as answers end, in any order; resolves when all have ended. */
  generate(
    items: readonly GenerationItem[],
    options: { readonly signal: AbortSignal; readonly onDone: (index: number, answer: GeneratedAnswer) => void },
  ): Promise<void>;
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

/** Computes: opens models, generates, compares. `engine-llama` is one; the testkit's fake is another. */
export interface Engine {
  /** Name, version and build that change numbers: part of every key. */
  readonly identity: string;
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
  /** Memory a request will need, before it is opened. */
  estimate(request: ModelRequest): Promise<{ readonly weightsBytes: number; readonly contextBytes: number }>;
  dispose(): Promise<void>;
}
