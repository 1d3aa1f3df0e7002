import type { JudgedOrder, ReleasedVerdict } from "../read-verdicts/released-verdict.js";
import { releasedId } from "../write/written-answers.js";
import type { VerdictRow } from "./write-verdicts.js";

const winners = { answer: "model_1", against: "model_2", tie: "tie" } as const;

/** A line of MT-bench's pairwise judgements: the answer is the first model's. */
export function mtBenchPairRow(verdict: ReleasedVerdict): VerdictRow {
  const { sampleId, system, against, outcome, judge, extras } = verdict;
  if (outcome.status === "pending") return "pending";
  if (outcome.status === "scored" || against === undefined) return "scored";
  if (outcome.status === "preferred" && Object.keys(outcome.preferences).length > 1) return "other-aspects";
  const orders = verdict.orders ?? ordersOf(verdict);
  if (typeof orders === "string") return orders;
  const [first, second] = orders;
  return {
    question_id: releasedId(sampleId.replace(/-\d+$/, "")),
    model_1: system,
    model_2: against,
    g1_winner: winnerOf(first),
    g2_winner: winnerOf(second),
    judge: [judge, "unshift"],
    g1_user_prompt: first.request ?? "",
    g1_judgment: first.raw ?? "",
    g2_user_prompt: second.request ?? "",
    g2_judgment: second.raw ?? "",
    // `81-2` is the second turn of question 81.
    turn: Number(/-(\d+)$/.exec(sampleId)?.[1] ?? 1),
    ...extras,
  };
}

function winnerOf({ preference }: JudgedOrder): string {
  return preference === null ? "error" : winners[preference];
}

/** Of a preference without its orders: the same in both. */
function ordersOf({ outcome, raw, request }: ReleasedVerdict): readonly [JudgedOrder, JudgedOrder] | "inconsistent" {
  const [preference = null] = outcome.status === "preferred" ? Object.values(outcome.preferences) : [];
  if (preference === "inconsistent") return preference;
  return [
    { preference, raw, request },
    { preference, raw: null, request: null },
  ];
}
