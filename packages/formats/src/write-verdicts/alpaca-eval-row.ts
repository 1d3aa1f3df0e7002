import type { ReleasedVerdict } from "../read-verdicts/released-verdict.js";
import type { VerdictRow } from "./write-verdicts.js";

const numbers = { answer: 2, against: 1, tie: 1.5 } as const;

/** A row of AlpacaEval's annotations: the answer is its second output. */
export function alpacaEvalRow({ system, against, texts, outcome, judge, raw, extras }: ReleasedVerdict): VerdictRow {
  if (outcome.status === "pending") return "pending";
  if (outcome.status === "scored" || against === undefined) return "scored";
  if (texts.instruction === undefined || texts.answer === undefined || texts.against === undefined) return "no-text";
  const preference = outcome.status === "preferred" ? preferenceOf(outcome) : null;
  if (typeof preference === "string") return preference;
  return {
    instruction: texts.instruction,
    output_1: texts.against,
    generator_1: against,
    output_2: texts.answer,
    generator_2: system,
    annotator: judge,
    preference,
    ...(raw === null ? {} : { raw_completion: raw }),
    ...extras,
  };
}

function preferenceOf(outcome: Extract<ReleasedVerdict["outcome"], { readonly status: "preferred" }>) {
  const told = Object.entries(outcome.preferences);
  const [only] = told;
  if (only === undefined || told.length > 1) return "other-aspects";
  const [, preference] = only;
  if (preference === "inconsistent") return preference;
  return outcome.weight === undefined ? numbers[preference] : 1 + outcome.weight;
}
