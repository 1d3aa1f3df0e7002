import type { ReleasedVerdict } from "../read-verdicts/released-verdict.js";
import { releasedId } from "../write/written-answers.js";
import type { VerdictRow } from "./write-verdicts.js";

/** A line of MT-bench's single-answer judgements. */
export function mtBenchRow({
  sampleId,
  system,
  against,
  outcome,
  judge,
  raw,
  request,
  extras,
}: ReleasedVerdict): VerdictRow {
  if (outcome.status === "pending") return "pending";
  if (outcome.status === "preferred" || against !== undefined) return "preferred";
  const scores = outcome.status === "scored" ? Object.entries(outcome.scores) : [];
  if (scores.length > 1) return "other-aspects";
  // `81-2` is the second turn of question 81.
  const turn = Number(/-(\d+)$/.exec(sampleId)?.[1] ?? 1);
  return {
    question_id: releasedId(sampleId.replace(/-\d+$/, "")),
    model: system,
    judge: [judge, "unshift"],
    user_prompt: request ?? "",
    judgment: raw ?? "",
    score: scores[0]?.[1] ?? -1,
    turn,
    ...extras,
  };
}
