import type { Json, JsonObject } from "./json.js";
import type { Message } from "./sample.js";
import type { UnshiftError } from "./unshift-error.js";

/** What a judge asks a language model. */
export interface JudgeRequest {
  /** Which of an item's requests it is, stable: `scores`, `answer-first`. */
  readonly id: string;
  readonly messages: readonly Message[];
  /** JSON Schema (an object) the reply is to have: an engine that can hold the model to it does. */
  readonly schema?: JsonObject;
  readonly maxTokens: number;
  /** 0: greedy. */
  readonly temperature: number;
}

/** What came back, unread. */
export interface JudgeReply {
  readonly text: string;
  /** `length`: cut off at `maxTokens`. `withheld`: a content filter kept it back. */
  readonly ended: "whole" | "length" | "withheld";
  /** The model that answered, as it calls itself. */
  readonly model: string;
  /**
   * Parts of the request that were not sent, as the endpoint does not take them: the reply came at the model's own temperature, or
   * free in its form. Absent where all was sent, and where nobody knows any more (a batch that an earlier sitting sent).
   */
  readonly unsent?: readonly ("temperature" | "schema")[];
  /** Tokens read and written, where the engine says. */
  readonly tokens: { readonly prompt: number; readonly reply: number } | null;
}

/** Price of a million tokens. */
export interface TokenPrices {
  readonly prompt: number;
  readonly reply: number;
  /** What of it is paid where the request was part of a batch, 0–1. Default {@link batchShare}. */
  readonly batch?: number;
}

/** Half the price: what the public endpoints ask for a batch. */
export const batchShare = 0.5;

/** One of many requests that are put together. */
export interface KeyedRequest {
  /** Hash of engine, request and repeat, 40 hex digits: the same request has the same key in every sitting of a run. */
  readonly key: string;
  readonly request: JudgeRequest;
  /** As in {@link JudgeEngine.ask}. */
  readonly repeat: number;
}

/** What an engine must find again after its process has died: JSON by name, kept with the run, one ledger for each `identity`. */
export interface Ledger {
  readonly entries: ReadonlyMap<string, Json>;
  /** On disk when the promise resolves; null takes the entry out. No secrets. Throws RUN_NO_SPACE, RUN_NOT_WRITABLE. */
  write(name: string, value: Json | null): Promise<void>;
}

/** The host's side of {@link JudgeEngine.askMany}. */
export interface ManyHost {
  readonly signal: AbortSignal;
  readonly ledger: Ledger;
  /** Whether the run has the reply to a request already. */
  has(key: string): boolean;
  /**
   * Call before requests are sent that will be paid for. Counts what they may use at most.
   *
   * @throws JUDGE_BUDGET where that is more than is left: collect what is under way, which may have cost less than it might, and try
   *   again, or throw it on
   */
  admit(keys: readonly string[]): void;
  /** Counts requests that an earlier sitting sent and that have no reply yet; never refused. */
  resume(keys: readonly string[]): void;
  /** Kept when the promise resolves. @param batch the endpoint's id of the batch, for the record */
  reply(key: string, reply: JudgeReply, batch: string): Promise<void>;
  /** The request stays without a reply: what the judge that asks is told. */
  fail(key: string, error: UnshiftError): void;
  /** What is waited for, for people who look on: "1 batch at api.openai.com: 120 of 800 requests". */
  waiting(what: string): void;
  /** Something people should know. */
  note(message: string): void;
}

/** Answers the requests of judges: an endpoint, or a model of the experiment. */
export interface JudgeEngine {
  /** What changes replies: kind, host, model, settings. No secret; part of every key. */
  readonly identity: string;
  /** Requests that may be under way at once. */
  readonly concurrency: number;
  /** null where a request costs nothing, or nobody said what. */
  readonly prices: TokenPrices | null;
  /**
   * Asks once, with its own waiting and retrying. `repeat` counts from 0 where the same request is asked several times. Throws
   * JUDGE_UNREACHABLE, JUDGE_UNAUTHORIZED, JUDGE_MODEL, JUDGE_RATE_LIMITED, JUDGE_RESPONSE, ABORTED.
   */
  ask(request: JudgeRequest, options: { readonly signal: AbortSignal; readonly repeat: number }): Promise<JudgeReply>;
  /**
   * There where many requests are better put together, however long that takes: a batch, which outlives the process. The host
   * then gathers the requests of all judgements that do not hang on one another's replies and calls this in place of `ask`, one
   * call at a time; requests whose replies it has are not among them. What was sent and not yet read is found again by the
   * ledger. Every key ends in `reply` or `fail` before the promise resolves. Throws like `ask`, and JUDGE_BUDGET, JUDGE_BATCH_….
   */
  askMany?(requests: readonly KeyedRequest[], host: ManyHost): Promise<void>;
  /** Gives back what it holds. */
  dispose?(): Promise<void>;
}
