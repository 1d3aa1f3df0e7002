import type { Judgement, Preference, VerdictRecord } from "@unshift/contracts";
import type { Rating, Side } from "./protocol.js";

const skippedReason = "skipped by the rater";

/** A rating as a verdict holds it. `turned`: the verdict's own system stood on the right. */
export function judgementOf(rating: Rating, turned: boolean): Judgement {
  const rationale = rating.note.trim() === "" ? {} : { rationale: rating.note };
  if (rating.kind === "skipped") {
    const why = rating.note.trim() === "" ? skippedReason : `${skippedReason}: ${rating.note}`;
    return { status: "not-applicable", reason: why };
  }
  if (rating.kind === "pairwise") {
    const preferences = mapped(
      rating.choices,
      (side): Preference => (side === "tie" ? "tie" : (side === "a") === turned ? "against" : "answer"),
    );
    return { status: "preferred", preferences, ...rationale };
  }
  const scored = Object.entries(rating.scores).flatMap(([id, score]) => (score === null ? [] : [[id, score] as const]));
  const without = Object.keys(rating.scores).filter((id) => rating.scores[id] === null);
  if (scored.length === 0) {
    const why = "the rater says that no aspect applies";
    return { status: "not-applicable", reason: rating.note.trim() === "" ? why : `${why}: ${rating.note}` };
  }
  return {
    status: "scored",
    scores: Object.fromEntries(scored),
    ...rationale,
    ...(without.length === 0 ? {} : { notApplicable: without }),
  };
}

/** The rating that a verdict came from. */
export function ratingOf(
  judgement: VerdictRecord["judgement"],
  turned: boolean,
  aspects: readonly string[],
): Rating | null {
  if (judgement.status === "preferred") {
    const choices = mapped(judgement.preferences, (preference): Side => {
      if (preference === "tie" || preference === "inconsistent") return "tie";
      return (preference === "answer") === turned ? "b" : "a";
    });
    return { kind: "pairwise", choices, note: judgement.rationale ?? "" };
  }
  if (judgement.status === "scored") {
    const without = (judgement.notApplicable ?? []).map((id) => [id, null] as const);
    return {
      kind: "rubric",
      scores: { ...judgement.scores, ...Object.fromEntries(without) },
      note: judgement.rationale ?? "",
    };
  }
  if (judgement.status !== "not-applicable") return null;
  const { reason } = judgement;
  const colon = reason.indexOf(": ");
  const note = colon < 0 ? "" : reason.slice(colon + 2);
  return reason.startsWith(skippedReason)
    ? { kind: "skipped", note }
    : { kind: "rubric", scores: Object.fromEntries(aspects.map((id) => [id, null])), note };
}

/** Whether a verdict says that the rater passed the item by. */
export function isSkipped(judgement: VerdictRecord["judgement"]): boolean {
  return judgement.status === "not-applicable" && judgement.reason.startsWith(skippedReason);
}

function mapped<A, B>(values: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([id, value]) => [id, change(value)]));
}
