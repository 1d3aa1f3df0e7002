import type { Preference } from "@unshift/contracts";
import { fieldError, type Row } from "../read/row.js";
import { idOf, textOf } from "../read/row-fields.js";
import type { ReleasedOutcome, ReleasedVerdict, VerdictReader } from "./released-verdict.js";
import { extrasOf, numberIn, objectIn, saidIn } from "./verdict-fields.js";

const single = ["output_cand", "generator_cand"];
const pair = ["output_A", "generator_A", "output_B", "generator_B"];
const common = ["id", "input", "prompt", "result", "parsed_result"];

/**
 * just-eval's result files: `{ id, input, output_cand, generator_cand, eval_config, prompt, result, parsed_result }`, of pairs
 * `output_A`, `output_B` and their generators. The answer is the candidate, or A. `result` is "N/A" until it is judged.
 */
export const justEvalVerdicts: VerdictReader = {
  marks: '"prompt" and "result" beside "output_cand", or beside "output_A" and "output_B"',
  matches: ({ fields }) =>
    "prompt" in fields &&
    "result" in fields &&
    ("output_cand" in fields || ("output_A" in fields && "output_B" in fields)),
  read: (row): ReleasedVerdict => {
    const sampleId = idOf(row, "id");
    const pairs = !("output_cand" in row.fields);
    const config = objectIn(row.fields.eval_config);
    const raw = saidIn(row, "result");
    return {
      sampleId,
      system: textOf(row, pairs ? "generator_A" : "generator_cand"),
      ...(pairs ? { against: textOf(row, "generator_B") } : {}),
      judge: typeof config?.gpt === "string" ? config.gpt : null,
      texts: {
        instruction: textOf(row, "input"),
        answer: textOf(row, pairs ? "output_A" : "output_cand"),
        ...(pairs ? { against: textOf(row, "output_B") } : {}),
      },
      outcome: raw === null ? { status: "pending" } : outcomeOf(row, pairs),
      raw,
      request: saidIn(row, "prompt"),
      extras: extrasOf(row, [...common, ...(pairs ? pair : single)], { field: "id", value: sampleId }),
    };
  },
};

function outcomeOf(row: Row, pairs: boolean): ReleasedOutcome {
  const parsed = objectIn(row.fields.parsed_result);
  if (parsed === null) return { status: "unread", reason: "there is no parsed_result" };
  const direct = pairs ? "preference" : "score";
  // Of several aspects an object each; of one alone its fields.
  const aspects = direct in parsed ? [["overall", parsed] as const] : Object.entries(parsed);
  const rationales: Record<string, string> = {};
  const scores: Record<string, number> = {};
  const preferences: Record<string, Preference> = {};
  const notApplicable: string[] = [];
  for (const [aspect, value] of aspects) {
    const told = objectIn(value);
    if (told === null) throw fieldError(row, "parsed_result", "an object for every aspect");
    if (typeof told.reason === "string") rationales[aspect] = told.reason;
    if (pairs) preferences[aspect] = preferenceOf(row, told.preference);
    else if (told.score === "N/A") notApplicable.push(aspect);
    else scores[aspect] = scoreOf(row, told.score);
  }
  return pairs
    ? { status: "preferred", preferences, rationales }
    : { status: "scored", scores, notApplicable, rationales };
}

function scoreOf(row: Row, value: unknown): number {
  const score = numberIn(value);
  if (score === null) throw fieldError(row, "parsed_result", 'a number or "N/A" for every score');
  return score;
}

function preferenceOf(row: Row, value: unknown): Preference {
  if (value === "A") return "answer";
  if (value === "B") return "against";
  if (value === "same" || value === "tie") return "tie";
  throw fieldError(row, "parsed_result", "A, B or same for every preference");
}
