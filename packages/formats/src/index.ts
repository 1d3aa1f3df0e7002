/** Released file formats of answers and of verdicts, read and written. Knows no run folder. */

export { Questions } from "./read/questions.js";
export { type AnswerFile, type ReadOptions, readAnswers } from "./read/read-answers.js";
export { type AnswerFormat, answerFormats, releasedFormats } from "./read/released-formats.js";
export type { Omission, ReleasedAnswer, ReleasedRow } from "./read/released-row.js";
export { type EvalRes, readEvalRes } from "./read-verdicts/eval-res.js";
export { evalResOf } from "./read-verdicts/eval-res-of.js";
export {
  type ReadVerdictOptions,
  readVerdicts,
  type VerdictFile,
  type VerdictFormat,
  verdictFormats,
  verdictProgress,
} from "./read-verdicts/read-verdicts.js";
export type { JudgedOrder, ReadVerdict, ReleasedOutcome, ReleasedVerdict } from "./read-verdicts/released-verdict.js";
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
export { writeEvalRes } from "./write-verdicts/write-eval-res.js";
export {
  type UnwrittenVerdictReason,
  unwrittenVerdictReasons,
  type WrittenVerdicts,
  writeVerdicts,
} from "./write-verdicts/write-verdicts.js";
