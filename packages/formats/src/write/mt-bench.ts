import { createHash } from "node:crypto";
import {
  type AnsweredSample,
  releasedId,
  type Unwritten,
  type WriteOptions,
  type WrittenAnswers,
} from "./written-answers.js";

/**
 * MT-bench's model answers, a line a question: `{ question_id, answer_id, model_id, choices: [{ index, turns }], tstamp }`. Samples
 * that follow one another are the turns of one question. `answer_id` is a hash of what stands beside it. A question of which a
 * turn has no answer is left out: its judge reads all of them.
 */
export function writeMtBench(items: readonly AnsweredSample[], { generator, time }: WriteOptions): WrittenAnswers {
  const unwritten: Unwritten[] = [];
  const lines: string[] = [];
  let answers = 0;
  for (const turns of questionsOf(items)) {
    const texts = turns.flatMap(({ text }) => text ?? []);
    if (texts.length < turns.length) {
      unwritten.push(
        ...turns.map(({ sample, text }): Unwritten => {
          return { sampleId: sample.id, reason: text === null ? "unanswered" : "turn-unanswered" };
        }),
      );
      continue;
    }
    const id = releasedId(turns[0]?.sample.id ?? "");
    const answerId = createHash("sha256")
      .update(JSON.stringify([id, generator, texts]))
      .digest("hex")
      .slice(0, 22);
    const choices = [{ index: 0, turns: texts }];
    const row = { question_id: id, answer_id: answerId, model_id: generator, choices, tstamp: time.getTime() / 1000 };
    lines.push(`${JSON.stringify(row)}\n`);
    answers += texts.length;
  }
  return { content: lines.join(""), answers, unwritten };
}

/** Chains of samples that follow one another; a sample whose predecessor is not among them has a question of its own. */
function questionsOf(items: readonly AnsweredSample[]): readonly (readonly AnsweredSample[])[] {
  const questions: AnsweredSample[][] = [];
  const ending = new Map<string, AnsweredSample[]>();
  for (const item of items) {
    const { id, follows } = item.sample;
    const question = (follows === undefined ? undefined : ending.get(follows)) ?? [];
    if (question.length === 0) questions.push(question);
    else ending.delete(follows ?? "");
    question.push(item);
    ending.set(id, question);
  }
  return questions;
}
