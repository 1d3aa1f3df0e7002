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

/** Both systems' answers to every sample that both answered, of a later turn with the chat that each had before it. */
function pairItems(
  prepared: PreparedExperiment,
  pairs: readonly (readonly [string, string])[] | null,
  answers: readonly AnswerRecord[],
): JudgeItem[] {
  const conversations = new Conversations(prepared.selection.samples);
  const bySystem = answersBySystem(answers);
  const systems = [...bySystem.keys()];
  const every = systems.flatMap((one, index) => systems.slice(index + 1).map((other) => [one, other] as const));
  return (pairs ?? every).flatMap(([one, other]) =>
    prepared.selection.samples.flatMap((sample: Sample): JudgeItem[] => {
      const [own = none, others = none] = [bySystem.get(one), bySystem.get(other)];
      const [answer, against] = [answered(own.get(sample.id)), answered(others.get(sample.id))];
      if (answer === null || against === null) {
        return [];
      }
      const earlier =
        sample.follows === undefined
          ? {}
          : { earlier: { answer: conversations.earlier(sample, own), against: conversations.earlier(sample, others) } };
      return [{ sample, answer, against, ...earlier }];
    }),
  );
}

const none: ReadonlyMap<string, AnswerRecord> = new Map();

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
