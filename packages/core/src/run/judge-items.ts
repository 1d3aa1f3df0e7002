import type { AnsweredRecord, AnswerRecord, JudgeItem, Sample } from "@unshift/contracts";
import { Conversations } from "./conversation.js";
import type { PreparedExperiment, PreparedJudge } from "./prepared-experiment.js";

/** One thing to judge, and which time it is. */
export interface JudgeWork extends JudgeItem {
  /** From 1. */
  readonly repeat: number;
}

/** Everything a judge is to judge, in the order of systems or pairs, then samples, then repeats. */
export function judgeWork(
  prepared: PreparedExperiment,
  { spec, judge }: PreparedJudge,
  answers: readonly AnswerRecord[],
): JudgeWork[] {
  const items = judge.judges === "pairs" ? pairItems(prepared, spec.pairs, answers) : answerItems(prepared, answers);
  const times = Array.from({ length: spec.repeat }, (_, index) => index + 1);
  return items.flatMap((item) => times.map((repeat) => ({ ...item, repeat })));
}

/** Every answer with its sample, of a later turn with the chat before it. */
function answerItems(prepared: PreparedExperiment, answers: readonly AnswerRecord[]): JudgeItem[] {
  const samples = new Map(prepared.selection.samples.map((sample) => [sample.id, sample]));
  const conversations = new Conversations(prepared.selection.samples);
  const bySystem = answersBySystem(answers);
  return answers.flatMap((answer) => {
    const sample = samples.get(answer.sampleId);
    return answer.status === "answered" && sample !== undefined
      ? [{ answer, sample: conversations.chat(sample, bySystem.get(answer.system) ?? new Map()) }]
      : [];
  });
}

/**
 * Both systems' answers to every sample that both answered. A later turn is compared by its own question alone: each system had
 * its own chat before it.
 */
function pairItems(
  prepared: PreparedExperiment,
  pairs: readonly (readonly [string, string])[] | null,
  answers: readonly AnswerRecord[],
): JudgeItem[] {
  const bySystem = answersBySystem(answers);
  const systems = [...bySystem.keys()];
  const every = systems.flatMap((one, index) => systems.slice(index + 1).map((other) => [one, other] as const));
  return (pairs ?? every).flatMap(([one, other]) =>
    prepared.selection.samples.flatMap((sample: Sample): JudgeItem[] => {
      const answer = answered(bySystem.get(one)?.get(sample.id));
      const against = answered(bySystem.get(other)?.get(sample.id));
      return answer === null || against === null ? [] : [{ sample, answer, against }];
    }),
  );
}

function answered(record: AnswerRecord | undefined): AnsweredRecord | null {
  return record?.status === "answered" ? record : null;
}

function answersBySystem(answers: readonly AnswerRecord[]): Map<string, Map<string, AnswerRecord>> {
  const bySystem = new Map<string, Map<string, AnswerRecord>>();
  for (const answer of answers) {
    const own = bySystem.get(answer.system) ?? new Map<string, AnswerRecord>();
    bySystem.set(answer.system, own.set(answer.sampleId, answer));
  }
  return bySystem;
}
