import { instructionOf, type Sample } from "@unshift/contracts";

/** A sample and what one system said to it; null where it said nothing. */
export interface AnsweredSample {
  readonly sample: Sample;
  readonly text: string | null;
}

export interface WriteOptions {
  /** Who answered, as the file shall say. */
  readonly generator: string;
  /** When, for formats that hold a time: the run's, so that the same run gives the same bytes. */
  readonly time: Date;
}

/** Why a sample does not stand in the file, in words for people. */
export const unwrittenReasons = {
  unanswered: "there is no answer",
  "several-messages": "the format holds one instruction, and this is a chat",
  "turn-unanswered": "another turn of the question has no answer",
} as const;

export interface Unwritten {
  readonly sampleId: string;
  readonly reason: keyof typeof unwrittenReasons;
}

export interface WrittenAnswers {
  readonly content: string;
  /** Answers in it. */
  readonly answers: number;
  /** Samples that are not in it. */
  readonly unwritten: readonly Unwritten[];
}

/** An id as the released files have it: a number where it is a whole one, text otherwise. */
export function releasedId(id: string): string | number {
  return /^(0|[1-9]\d*)$/.test(id) && Number.isSafeInteger(Number(id)) ? Number(id) : id;
}

/** A JSON array of one object for each sample that is a single instruction and has an answer. */
export function instructionRows(
  items: readonly AnsweredSample[],
  rowOf: (sample: Sample, instruction: string, output: string) => object,
): WrittenAnswers {
  const rows: object[] = [];
  const unwritten: Unwritten[] = [];
  for (const { sample, text } of items) {
    if (sample.messages.length > 1 || sample.follows !== undefined) {
      unwritten.push({ sampleId: sample.id, reason: "several-messages" });
    } else if (text === null) {
      unwritten.push({ sampleId: sample.id, reason: "unanswered" });
    } else {
      rows.push(rowOf(sample, instructionOf(sample), text));
    }
  }
  return { content: `${JSON.stringify(rows, null, 2)}\n`, answers: rows.length, unwritten };
}
