import type { AnsweredRecord } from "./answer.js";
import type { JsonObject } from "./json.js";
import type { Sample } from "./sample.js";

/** One thing to judge. */
export interface JudgeItem {
  readonly sample: Sample;
  readonly answer: AnsweredRecord;
}

/** What a judge made of an item. "No score" is a state with a reason, never a number. */
export type Judgement =
  | {
      readonly status: "scored";
      /** Aspect → score. */
      readonly scores: Readonly<Record<string, number>>;
      readonly rationale?: string;
      readonly request?: JsonObject;
      readonly raw?: string;
    }
  /** The judge has nothing to say about such a sample (a fact judge about a poem). */
  | { readonly status: "not-applicable"; readonly reason: string }
  | { readonly status: "unparsed"; readonly reason: string; readonly request?: JsonObject; readonly raw: string };

/** Aspects a judge scores: what tables print above the column. */
export interface Aspect {
  readonly id: string;
  readonly title: string;
  readonly min: number;
  readonly max: number;
  /** What the mean over items is: "share of answers that state the fact". */
  readonly meaning: string;
}

/** Scores answers. */
export interface Judge {
  /** Changes whenever the same answer could get another score. Part of the verdict's key. */
  readonly version: string;
  readonly aspects: readonly Aspect[];
  judge(item: JudgeItem, signal: AbortSignal): Promise<Judgement> | Judgement;
}

/** A stored judgement. */
export interface VerdictRecord {
  readonly key: string;
  /** Judge id in the experiment. */
  readonly judge: string;
  readonly system: string;
  readonly sampleId: string;
  readonly judgement: Judgement | { readonly status: "failed"; readonly reason: string };
}
