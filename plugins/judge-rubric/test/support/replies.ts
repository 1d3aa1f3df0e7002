import type { Ask, Judge, JudgeItem, Judgement, JudgeReply, JudgeRequest, Sample } from "@unshift/contracts";
import { answerRecord, createForCheck } from "@unshift/testkit";
import plugin from "../../src/index.js";

export function reply(text: string, ended: JudgeReply["ended"] = "whole"): JudgeReply {
  return { text, ended, model: "test", tokens: null };
}

/** Gives these replies by the id of the request, and keeps what was asked. */
export function asking(replies: string | Readonly<Record<string, string>>, ended: JudgeReply["ended"] = "whole") {
  const asked: JudgeRequest[] = [];
  const ask: Ask = async (request) => {
    asked.push(request);
    return reply(typeof replies === "string" ? replies : (replies[request.id] ?? ""), ended);
  };
  return { ask, asked };
}

export const sampleOf = (question: string, change: Partial<Sample> = {}): Sample => {
  return { id: "s", messages: [{ role: "user", content: question }], reference: [], tags: {}, ...change };
};

export type JudgeId = "just-eval" | "pairwise" | "mt-bench" | "rubric";

export function judgeOf(id: JudgeId, options: object = {}, folder?: string): Promise<Judge> {
  return createForCheck(plugin.judges?.[id], { options, ...(folder === undefined ? {} : { folder }) });
}

/** One judgement, and the requests it took. */
export async function judged(
  judge: Judge,
  {
    sample = sampleOf("Why?"),
    answer = "Because.",
    against = undefined as string | undefined,
    earlier = undefined as JudgeItem["earlier"],
    ...given
  }: {
    readonly sample?: Sample;
    readonly answer?: string;
    readonly against?: string | undefined;
    readonly earlier?: JudgeItem["earlier"];
    readonly replies: string | Readonly<Record<string, string>>;
    readonly ended?: JudgeReply["ended"];
  },
): Promise<{ readonly judgement: Judgement; readonly asked: readonly JudgeRequest[] }> {
  const { ask, asked } = asking(given.replies, given.ended);
  const of = (text: string, system: string) => answerRecord(text, { system, sampleId: sample.id });
  const item = {
    sample,
    answer: of(answer, "one"),
    ...(against === undefined ? {} : { against: of(against, "two") }),
    ...(earlier === undefined ? {} : { earlier }),
  };
  return { judgement: await judge.judge(item, new AbortController().signal, ask), asked };
}

/** The text of a request's last message. */
export const promptOf = (request: JudgeRequest | undefined): string => request?.messages.at(-1)?.content ?? "";
