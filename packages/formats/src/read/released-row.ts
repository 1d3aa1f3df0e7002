import type { Sample } from "@unshift/contracts";
import type { Questions } from "./questions.js";
import type { Row, RowPlace } from "./row.js";

/** An answer as a file has it: text, never ids. */
export interface ReleasedAnswer {
  readonly sampleId: string;
  readonly text: string;
  /** Who wrote it, as the file says. */
  readonly generator: string;
}

/** Why something of a file is left out, in words for people. */
export const omissionReasons = {
  "no-answer": "the answer is null or missing",
  "turn-before-unanswered": "the turn before has no answer",
  "further-answer": "a further answer to the same question",
  "no-such-question": "the question is not in the file of questions",
} as const;
export type OmissionReason = keyof typeof omissionReasons;

/** Something of a file that is no answer to a sample. */
export interface Omission {
  readonly sampleId: string;
  readonly generator: string;
  readonly reason: OmissionReason;
}

/** What one row of a released file says. A sample that follows another comes behind it. */
export interface ReleasedRow {
  readonly place: RowPlace;
  readonly samples: readonly Sample[];
  readonly answers: readonly ReleasedAnswer[];
  readonly omissions: readonly Omission[];
}

/** What a row's reader may know besides the row. */
export interface RowContext {
  /** Who wrote a row's answer: the field's text, or the file's default where it says nothing. Throws DATASET_FIELD. */
  generator(row: Row, field: string): string;
  /** Id of a question without one: made of its text; the second time one generator answers it, another. */
  contentId(instruction: string, generator: string): string;
  /** Where a file of questions was given. */
  readonly questions: Pick<Questions, "turns" | "chatTo"> | null;
}

/** A released format and how to tell it. */
export interface ReleasedFormat {
  /** One sentence for `--help` and errors. */
  readonly title: string;
  /** The fields that tell it, for errors. */
  readonly marks: string;
  /** Whether a row has them. */
  matches(row: Row): boolean;
  /** @throws DATASET_FIELD, IMPORT_FORMAT */
  read(row: Row, context: RowContext): ReleasedRow;
}

/** A row of one question and one answer to it. */
export function singleRow(row: Row, sample: Sample, text: string | null, generator: string): ReleasedRow {
  const of = { sampleId: sample.id, generator };
  return {
    place: row.place,
    samples: [sample],
    answers: text === null ? [] : [{ ...of, text }],
    omissions: text === null ? [{ ...of, reason: "no-answer" }] : [],
  };
}

/** A sample that is one instruction. */
export function instructionSample(
  id: string,
  instruction: string,
  parts: { readonly reference?: readonly string[]; readonly tags?: Sample["tags"] } = {},
): Sample {
  return {
    id,
    messages: [{ role: "user", content: instruction }],
    reference: parts.reference ?? [],
    tags: parts.tags ?? {},
  };
}
