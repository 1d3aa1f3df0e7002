/** Released file formats of answers, read and written. Knows no run folder. */

export { Questions } from "./read/questions.js";
export { type AnswerFile, type ReadOptions, readAnswers } from "./read/read-answers.js";
export { type AnswerFormat, answerFormats, releasedFormats } from "./read/released-formats.js";
export type { Omission, ReleasedAnswer, ReleasedRow } from "./read/released-row.js";
export { type LeftOut, leftOutReasons, ReleasedSet } from "./released-set.js";
export { turnId } from "./turn-id.js";
export { type WrittenFormat, writeAnswers, writtenFormats } from "./write/write-answers.js";
export {
  type AnsweredSample,
  type Unwritten,
  unwrittenReasons,
  type WriteOptions,
  type WrittenAnswers,
} from "./write/written-answers.js";
