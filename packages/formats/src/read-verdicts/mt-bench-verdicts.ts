import { fieldError, type Row } from "../read/row.js";
import { idOf, textOf } from "../read/row-fields.js";
import { turnId } from "../turn-id.js";
import type { ReleasedOutcome, ReleasedVerdict, VerdictReader } from "./released-verdict.js";
import { extrasOf, judgeModelOf, numberIn, saidIn, turnOf } from "./verdict-fields.js";

const read = ["model", "user_prompt", "judgment", "score"];
const place = ["question_id", "turn"];

/**
 * MT-bench's single-answer judgements (`gpt-4_single.jsonl`): `{ question_id, model, judge: [model, prompt], user_prompt, judgment,
 * score, turn, tstamp }`. A score of -1 says that no rating was found. The second turn is a sample of its own.
 */
export const mtBenchVerdicts: VerdictReader = {
  marks: '"question_id", "judgment" and "score"',
  matches: ({ fields }) => "question_id" in fields && "judgment" in fields && "score" in fields,
  read: (row): ReleasedVerdict => {
    const raw = saidIn(row, "judgment");
    const question = idOf(row, "question_id");
    return {
      sampleId: turnId(question, turnOf(row)),
      system: textOf(row, "model"),
      judge: judgeModelOf(row),
      texts: {},
      outcome: raw === null ? { status: "pending" } : outcomeOf(row),
      raw,
      request: saidIn(row, "user_prompt"),
      // An id that ends like a later turn's is kept, since the two cannot be told apart.
      extras: extrasOf(row, /-\d+$/.test(question) ? read : [...read, ...place], {
        field: "question_id",
        value: question,
      }),
    };
  },
};

function outcomeOf(row: Row): ReleasedOutcome {
  const score = numberIn(row.fields.score);
  if (score === -1) return { status: "unread", reason: "no rating was found in the judgement" };
  if (score === null) throw fieldError(row, "score", "a number; -1 where there is none");
  return { status: "scored", scores: { rating: score }, notApplicable: [], rationales: {} };
}
