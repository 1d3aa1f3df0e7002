import { createHash } from "node:crypto";
import { fieldError, type Row } from "../read/row.js";
import { textOf } from "../read/row-fields.js";
import type { ReleasedOutcome, ReleasedVerdict, VerdictReader } from "./released-verdict.js";
import { extrasOf, numberIn, saidIn } from "./verdict-fields.js";

const read = ["instruction", "output_1", "generator_1", "output_2", "generator_2", "annotator", "preference"];

/**
 * AlpacaEval's annotations: `{ instruction, output_1, generator_1, output_2, generator_2, annotator, preference, … }`. Its second
 * output is the model's and the answer here, the first one the baseline's. `preference` runs from 1 (first) to 2 (second); 0 is a
 * draw in old files, null no preference. Rows have no id: it is made of the instruction.
 */
export const alpacaEvalVerdicts: VerdictReader = {
  marks: '"output_1", "output_2" and "preference"',
  matches: ({ fields }) => "output_1" in fields && "output_2" in fields && "preference" in fields,
  read: (row): ReleasedVerdict => {
    const instruction = textOf(row, "instruction");
    const raw = row.fields.raw_completion;
    return {
      sampleId: createHash("sha256")
        .update(JSON.stringify([["user", instruction]]))
        .digest("hex")
        .slice(0, 12),
      system: textOf(row, "generator_2"),
      against: textOf(row, "generator_1"),
      judge: saidIn(row, "annotator"),
      texts: { instruction, answer: textOf(row, "output_2"), against: textOf(row, "output_1") },
      outcome: outcomeOf(row),
      // Later versions keep the whole completion, of which the text is a part.
      raw: raw === undefined || raw === null ? null : typeof raw === "string" ? raw : JSON.stringify(raw),
      request: null,
      extras: extrasOf(
        row,
        // A draw's old spelling is kept, to be written as it was.
        read
          .filter((field) => field !== "preference" || row.fields.preference !== 0)
          .concat(typeof raw === "string" ? "raw_completion" : []),
      ),
    };
  },
};

function outcomeOf(row: Row): ReleasedOutcome {
  const value = row.fields.preference;
  if (value === null) return { status: "unread", reason: "there is no preference" };
  const preference = numberIn(value);
  if (preference === null || (preference !== 0 && (preference < 1 || preference > 2))) {
    throw fieldError(row, "preference", "a number from 1 to 2, 0 or null");
  }
  const weight = preference === 0 ? 0.5 : preference - 1;
  return {
    status: "preferred",
    preferences: { overall: weight === 0.5 ? "tie" : weight > 0.5 ? "answer" : "against" },
    rationales: {},
    ...([0, 1, 1.5, 2].includes(preference) ? {} : { weight }),
  };
}
