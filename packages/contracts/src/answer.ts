import type { JsonObject } from "./json.js";

/**
 * Why an answer ended: the model said so, a stop text appeared, `maxTokens` was reached, the context was full. `unknown` for an
 * answer that was made elsewhere.
 */
export type FinishReason = "eos" | "stop" | "length" | "context" | "unknown";

/** The end of an answer says the same ids over and over. Nothing is cut for it. */
export interface Repetition {
  /** Length of what repeats, in ids. */
  readonly period: number;
  /** Whole times it stands there. */
  readonly times: number;
  /** Index of the first of these ids in `rawIds`. */
  readonly start: number;
}

/** The prompt an answer was given under, exactly. */
export interface PromptRecord {
  readonly text: string;
  /** Ids as decoded, BOS included. */
  readonly ids: readonly number[];
  /** Leading ids every sample of the system shares. */
  readonly prefixLength: number;
  readonly provenance: JsonObject;
}

interface AnswerBase {
  /** Hash of everything that changes the answer: engine, model file, prompt ids, decoding, numerics. */
  readonly key: string;
  /** System id in the experiment. */
  readonly system: string;
  readonly sampleId: string;
}

/** What a system said. */
export interface AnsweredRecord extends AnswerBase {
  readonly status: "answered";
  readonly prompt: PromptRecord;
  /** Ids of the answer; an ending control id is the last of them, ids of a stop text are not among them. */
  readonly ids: readonly number[];
  /** Every id that was sampled. */
  readonly rawIds: readonly number[];
  /** The answer as people read it: before the stop text, without the ending id. */
  readonly text: string;
  /** Everything that was generated, as text. */
  readonly raw: string;
  readonly finishReason: FinishReason;
  readonly stop: string | null;
  readonly durationMs: number;
  /** Present where the answer ends in a runaway repetition. */
  readonly repetition?: Repetition;
  /** Present where the answer was not generated here: `ids` are its text tokenised once, not the ids it was sampled as. */
  readonly imported?: {
    /** sha256 of the file. */
    readonly sha256: string;
    /** Who wrote it, as the file says. */
    readonly generator: string | null;
  };
}

/** No answer, and why: a state, never an empty text. */
export interface UnansweredRecord extends AnswerBase {
  readonly status: "skipped" | "failed";
  /** `stack`: where in a plugin it was thrown. */
  readonly reason: { readonly code: string; readonly message: string; readonly stack?: string };
  /** What was generated, where the strategy could not read an answer out of it. */
  readonly raw?: string;
  readonly promptTokens: number | null;
  readonly contextSize: number | null;
}

export type AnswerRecord = AnsweredRecord | UnansweredRecord;
