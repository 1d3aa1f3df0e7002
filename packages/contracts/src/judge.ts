import type { AnsweredRecord } from "./answer.js";
import type { JsonObject } from "./json.js";
import type { JudgeReply, JudgeRequest } from "./judge-engine.js";
import type { Ranker } from "./ranker.js";
import type { Message, Sample } from "./sample.js";

/** One thing to judge. */
export interface JudgeItem {
  /** Of a later turn with the whole chat before it; of a pair with its own question alone, as each system had its own chat. */
  readonly sample: Sample;
  readonly answer: AnsweredRecord;
  /** The other system's answer, for a judge of pairs. */
  readonly against?: AnsweredRecord;
  /** The chat that each of the two systems had before the sample's question, for a pair of a later turn. */
  readonly earlier?: { readonly answer: readonly Message[]; readonly against: readonly Message[] };
}

/** Which of two answers a judge prefers. `inconsistent`: another one when they changed places. */
export type Preference = "answer" | "against" | "tie" | "inconsistent";

/** What a judge made of an item. "No score" is a state with a reason, never a number. */
export type Judgement =
  | {
      readonly status: "scored";
      /** Aspect → score. */
      readonly scores: Readonly<Record<string, number>>;
      readonly rationale?: string;
      /** Aspects the judge said do not apply; they have no score. */
      readonly notApplicable?: readonly string[];
      /** How a reply that was not as asked for was read all the same. */
      readonly repairs?: readonly string[];
      readonly request?: JsonObject;
      readonly raw?: string;
    }
  | {
      readonly status: "preferred";
      /** Aspect → which of the two. */
      readonly preferences: Readonly<Record<string, Preference>>;
      /** Where both orders were asked: the same of each, the answer in front first. None is `inconsistent`. */
      readonly orders?: readonly Readonly<Record<string, Preference>>[];
      readonly rationale?: string;
      readonly repairs?: readonly string[];
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
  /** null: no bound, as of a reward; tables and reports then show the scores that occur. */
  readonly min: number | null;
  readonly max: number | null;
  /** What the mean over items is: "share of answers that state the fact". */
  readonly meaning: string;
}

/** What a judge works with while it prepares itself. */
export interface JudgePreparation {
  readonly signal: AbortSignal;
  /**
   * The classifier head of a model file, open until the run ends: an absolute path, `hf:OWNER/REPO/FILE.gguf[@REVISION]` or
   * `builtin:NAME`. Throws EMBEDDING_UNSUPPORTED where the file has none or the engine cannot, MODEL_…, HUB_….
   */
  ranker(path: string): Promise<Ranker>;
  /** A remark people should see beside the figures; kept in the manifest of a run. */
  note(message: string): void;
}

/** Scores answers. */
export interface Judge {
  /** Changes whenever the same answer could get another score. Part of the verdict's key. Read after `prepare`. */
  readonly version: string;
  readonly aspects: readonly Aspect[];
  /** `pairs`: items hold the answers of two systems to one sample (`JudgeItem.against`). Default `answers`. */
  readonly judges?: "answers" | "pairs";
  /** Whether it asks a language model: the experiment must name one. */
  readonly asks?: boolean;
  /** Called once, before `version` is read for a key and before the first item. */
  prepare?(work: JudgePreparation): Promise<void>;
  /**
   * `ask` puts a request to the judge engine that the experiment names. The host keeps every reply before it gives it back, and
   * gives a kept one where the same was asked before, so a judge reads replies as if asking cost nothing; it asks all it needs at
   * once where one request does not hang on another's reply.
   */
  judge(item: JudgeItem, signal: AbortSignal, ask: Ask): Promise<Judgement> | Judgement;
}

/** Throws what the judge engine throws. */
export type Ask = (request: JudgeRequest) => Promise<JudgeReply>;

/** A stored judgement. */
export interface VerdictRecord {
  /** Hash of everything that changes the judgement. */
  readonly key: string;
  /**
   * Hash of the judge as it was: use, version, options, who answered it. The manifest holds that of each judge as it is; another one's
   * verdicts do not count. Absent of people, and of verdicts from before 2026-11-22.
   */
  readonly judgeKey?: string;
  /** Hash of what was judged: sample, answers and the chats before them. Absent of verdicts from before 2026-11-22. */
  readonly itemKey?: string;
  /** Judge id in the experiment. */
  readonly judge: string;
  readonly system: string;
  readonly sampleId: string;
  /** The system of the other answer, where a pair was judged. */
  readonly against?: string;
  /** Which time it is, from 1; absent for the first. */
  readonly repeat?: number;
  /** Keys of the replies it was read from. */
  readonly replies?: readonly string[];
  readonly judgement: Judgement | { readonly status: "failed"; readonly reason: string };
}
