import { isDeepStrictEqual } from "node:util";
import type {
  Ask,
  Contribution,
  Judge,
  JudgeItem,
  Judgement,
  JudgeReply,
  JudgeRequest,
  Sample,
} from "@unshift/contracts";
import { answerRecord } from "./answer-record.js";
import { inTime } from "./check-judge.js";
import { checkAspects, checkJudgement } from "./check-judgement.js";
import { checkRequests } from "./check-requests.js";
import { type CheckOptions, createForCheck } from "./create-for-check.js";
import { expect, quote } from "./expect.js";
import { judgeSamples } from "./judge-samples.js";
import { oddReplies } from "./odd-replies.js";
import { prepareJudge } from "./prepare-judge.js";

export interface ReplyCheckOptions<Options> extends CheckOptions<Options> {
  /** Replies besides the odd ones. */
  readonly replies?: readonly string[];
  /** The sample that is judged. Default: a question with a reference. */
  readonly sample?: Sample;
  /** Longest time for one judgement, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
}

/**
 * Checks a judge that asks a model: whatever comes back (nothing, a refusal, broken JSON, a score out of range, half a reply), it
 * returns a judgement and does not throw; a reply without a score becomes `unparsed` with the raw text; the same replies give the
 * same requests and the same judgement; where asking fails it does not score.
 *
 * @throws AssertionError that says which rule was broken, by which reply
 */
export async function checkJudgeReplies<Options>(
  contribution: Contribution<Judge, Options> | undefined,
  check: ReplyCheckOptions<Options> = {},
): Promise<void> {
  const judge = await createForCheck(contribution, check);
  await prepareJudge(judge);
  checkAspects(judge);
  expect(judge.asks === true, "the judge does not declare `asks: true`, so the host would give it nobody to ask");
  const item = itemFor(judge, check.sample ?? judgeSamples[0]);
  const replies = [...Object.entries(oddReplies), ...(check.replies ?? []).map((text) => [quote(text), text] as const)];
  for (const [name, text] of replies) {
    for (const ended of ["whole", "length", "withheld"] as const) {
      const of = `reply ${name}${ended === "whole" ? "" : `, ended by ${ended}`}`;
      await checkReply(judge, item, { text, ended, model: "replies", tokens: null }, of, check.timeoutMs ?? 5000);
    }
  }
  const failing: Ask = async () => {
    throw new Error("the endpoint is down");
  };
  // It may throw: the run notes the failure, and asks again next time.
  const [settled] = await Promise.allSettled([
    (async () => judge.judge(item, new AbortController().signal, failing))(),
  ]);
  const said = settled?.status === "fulfilled" && ["scored", "preferred"].includes(settled.value.status);
  expect(!said, "asking failed, and the judge scored");
}

/** One thing to judge; for a judge of pairs with another answer. */
function itemFor(judge: Judge, sample: Sample | undefined): JudgeItem {
  expect(sample !== undefined, "there is no sample to judge");
  const answer = answerRecord("Paris.", { sampleId: sample.id });
  if (judge.judges !== "pairs") return { sample, answer };
  return { sample, answer, against: answerRecord("It is Rome.", { sampleId: sample.id, system: "other" }) };
}

async function checkReply(
  judge: Judge,
  item: JudgeItem,
  reply: JudgeReply,
  of: string,
  timeoutMs: number,
): Promise<void> {
  const judging = async (): Promise<{ judgement: Judgement; asked: JudgeRequest[] }> => {
    const asked: JudgeRequest[] = [];
    const ask: Ask = async (request) => {
      asked.push(request);
      return reply;
    };
    return {
      judgement: await inTime(() => judge.judge(item, new AbortController().signal, ask), item, timeoutMs, of),
      asked,
    };
  };
  const { judgement, asked } = await judging();
  checkRequests(asked, of);
  checkJudgement(judge, judgement, of);
  if (judgement.status === "unparsed") {
    expect(judgement.raw === reply.text, `${of}: unparsed, but its raw text is not the reply`);
  }
  const says = reply.text.trim() !== "";
  const decided = judgement.status === "scored" || judgement.status === "preferred";
  expect(says || !decided, `${of}: the judge scored a reply that says nothing`);
  const again = await judging();
  expect(isDeepStrictEqual(again.judgement, judgement), `${of}: the same reply got another judgement`);
  expect(
    isDeepStrictEqual(again.asked, asked),
    `${of}: the same item was asked in other words, so its kept replies are lost`,
  );
}
