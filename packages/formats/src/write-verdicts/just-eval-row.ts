import type { JsonObject } from "@unshift/contracts";
import type { ReleasedOutcome, ReleasedVerdict } from "../read-verdicts/released-verdict.js";
import { releasedId } from "../write/written-answers.js";
import type { VerdictRow } from "./write-verdicts.js";

const places = { answer: "A", against: "B", tie: "same" } as const;

/** A row of just-eval's result files. The answer is the candidate, or of a pair A. */
export function justEvalRow(verdict: ReleasedVerdict): VerdictRow {
  const { sampleId, system, against, texts, outcome, judge, request, extras } = verdict;
  if (texts.instruction === undefined || texts.answer === undefined) return "no-text";
  if (against !== undefined && texts.against === undefined) return "no-text";
  const parsed = parsedResult(outcome);
  if (parsed === "inconsistent") return parsed;
  return {
    id: releasedId(sampleId),
    input: texts.instruction,
    ...(against === undefined
      ? { output_cand: texts.answer, generator_cand: system }
      : { output_A: texts.answer, output_B: texts.against ?? "", generator_A: system, generator_B: against }),
    eval_config: { mode: modeOf(verdict), gpt: judge, max_words: -1 },
    prompt: request ?? "N/A",
    result: verdict.raw ?? (parsed === null ? "N/A" : JSON.stringify(parsed)),
    ...(parsed === null ? {} : { parsed_result: parsed }),
    ...extras,
  };
}

function parsedResult(outcome: ReleasedOutcome): JsonObject | null | "inconsistent" {
  if (outcome.status === "scored") {
    const told = [...Object.entries(outcome.scores), ...outcome.notApplicable.map((id) => [id, "N/A"] as const)];
    return aspectObjects(
      told.map(([id, score]) => [id, reasonAnd(outcome.rationales[id], "score", String(score))] as const),
    );
  }
  if (outcome.status !== "preferred") return null;
  const told: (readonly [string, JsonObject])[] = [];
  for (const [id, preference] of Object.entries(outcome.preferences)) {
    if (preference === "inconsistent") return "inconsistent";
    told.push([id, reasonAnd(outcome.rationales[id], "preference", places[preference])]);
  }
  return aspectObjects(told);
}

function reasonAnd(reason: string | undefined, key: string, value: string): JsonObject {
  return { ...(reason === undefined ? {} : { reason }), [key]: value };
}

/** `overall` alone stands for a reply without aspects. */
function aspectObjects(told: readonly (readonly [string, JsonObject])[]): JsonObject {
  const [first] = told;
  return told.length === 1 && first?.[0] === "overall" ? first[1] : Object.fromEntries(told);
}

function modeOf({ outcome, against }: ReleasedVerdict): string {
  const aspects = Object.keys(
    outcome.status === "scored" ? outcome.scores : outcome.status === "preferred" ? outcome.preferences : {},
  );
  const alone = aspects.length === 1 ? aspects[0] : null;
  if (against !== undefined) return alone === "overall" ? "pairwise" : "pairwise_multi";
  return alone === "safety" ? "score_safety" : alone === "overall" ? "score" : "score_multi";
}
