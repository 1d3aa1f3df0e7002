import { createHash } from "node:crypto";
import type { JudgedOrder, ReleasedVerdict, VerdictFormat } from "@unshift/formats";

/** The judge of Unshift that goes on where a file of verdicts ends. */
export type RecordedUse = "just-eval" | "mt-bench" | "rubric" | "pairwise";

const justEvalAspects = ["helpfulness", "clarity", "factuality", "depth", "engagement", "safety"];

export function recordedUse(format: VerdictFormat, { outcome, against }: ReleasedVerdict): RecordedUse {
  if (against !== undefined) return "pairwise";
  if (format === "mt-bench") return "mt-bench";
  if (outcome.status !== "scored") return "just-eval";
  const known = [...Object.keys(outcome.scores), ...outcome.notApplicable].every((id) => justEvalAspects.includes(id));
  // Early versions of just-eval had other aspects and a scale up to 10.
  return known && Object.values(outcome.scores).every((score) => score <= 5) ? "just-eval" : "rubric";
}

/**
 * A line of `JUDGE.verdicts.jsonl`, which the option `recorded` of the judges that ask reads.
 *
 * @param idOf generator → system id
 */
export function verdictRow(verdict: ReleasedVerdict, idOf: (generator: string) => string): string {
  const { sampleId, system, against, judge, texts, outcome, orders, raw, request } = verdict;
  const row = {
    id: sampleId,
    system: idOf(system),
    ...(against === undefined ? {} : { against: idOf(against) }),
    ...(judge === null ? {} : { judge }),
    ...(texts.answer === undefined ? {} : { answer: sha256(texts.answer) }),
    ...(texts.against === undefined ? {} : { againstAnswer: sha256(texts.against) }),
    ...said(outcome),
    ...told(orders),
    ...(raw === null ? {} : { raw }),
    ...(request === null ? {} : { prompt: request }),
  };
  return `${JSON.stringify(row)}\n`;
}

function said(outcome: ReleasedVerdict["outcome"]): object {
  switch (outcome.status) {
    case "scored": {
      const { scores, notApplicable, rationales } = outcome;
      return { status: "scored", scores, ...(notApplicable.length === 0 ? {} : { notApplicable }), rationales };
    }
    case "preferred": {
      const { preferences, rationales } = outcome;
      return { status: "preferred", preferences, rationales };
    }
    case "unread":
      return { status: "unparsed", reason: outcome.reason };
    default:
      return { status: "pending" };
  }
}

/** Orders without a preference are those of a verdict that was not read. */
function told(orders: readonly JudgedOrder[] | undefined): object {
  const preferences = orders?.flatMap(({ preference }) => (preference === null ? [] : [{ overall: preference }])) ?? [];
  return preferences.length === 2 ? { orders: preferences } : {};
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
