import type { Judgement, JudgeReply } from "@unshift/contracts";
import type { AskedAspect } from "./reply/asked-aspect.js";
import { type ReplyReading, readReply } from "./reply/read-reply.js";

type Read = Extract<ReplyReading, { readonly status: "read" }>;

/** What a score reading becomes: an aspect that does not apply has no score, or the highest where the policy says so. */
export function scoredJudgement(
  reply: JudgeReply,
  aspects: readonly AskedAspect[],
  notApplicable: "refused" | "excluded" | { readonly countsAs: number },
): Judgement {
  const reading = readReply(reply, aspects, { notApplicable: notApplicable !== "refused" });
  if (reading.status === "unparsed") return { ...reading, raw: reply.text };
  const counted = typeof notApplicable === "object" ? notApplicable.countsAs : null;
  const without = reading.notApplicable;
  const scores =
    counted === null
      ? reading.scores
      : { ...reading.scores, ...Object.fromEntries(without.map((id) => [id, counted] as const)) };
  if (Object.keys(scores).length === 0) {
    return { status: "not-applicable", reason: "the judge says that no aspect applies" };
  }
  const repairs = [
    ...reading.repairs,
    ...(counted === null ? [] : without.map((id) => `${id}: "N/A" counted as ${counted}`)),
  ];
  return {
    status: "scored",
    scores,
    ...rationaleOf(reading, aspects),
    ...(without.length === 0 ? {} : { notApplicable: without }),
    ...(repairs.length === 0 ? {} : { repairs }),
  };
}

/** The rationales in one text: of several aspects a paragraph each, behind its title. */
export function rationaleOf(
  { rationales }: Pick<Read, "rationales">,
  aspects: readonly Pick<AskedAspect, "id" | "title">[],
): { rationale?: string } {
  const told = aspects.flatMap(({ id, title }) => {
    const text = rationales[id] ?? "";
    return text.trim() === "" ? [] : [aspects.length === 1 ? text : `${title}: ${text}`];
  });
  return told.length === 0 ? {} : { rationale: told.join("\n") };
}
