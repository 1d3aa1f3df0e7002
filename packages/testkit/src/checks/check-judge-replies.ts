import { isDeepStrictEqual } from "node:util";
import type { Contribution, Judge, JudgeItem, Judgement, Sample } from "@unshift/contracts";
import { answerRecord } from "./answer-record.js";
import { inTime } from "./check-judge.js";
import { checkAspects, checkJudgement } from "./check-judgement.js";
import { type CheckOptions, createForCheck } from "./create-for-check.js";
import { expect } from "./expect.js";
import { judgeSamples } from "./judge-samples.js";
import { noAsk } from "./no-ask.js";
import { oddReplies } from "./odd-replies.js";
import { type ReplyServer, startReplyServer } from "./reply-server.js";

export interface ReplyCheckOptions<Options> extends Omit<CheckOptions<Options>, "options"> {
  /** Options under which the judge asks the service at this address. */
  readonly options: (baseUrl: string) => Partial<Options>;
  /** Replies besides the odd ones. */
  readonly replies?: readonly string[];
  /** The sample that is judged. Default: a question with a reference. */
  readonly sample?: Sample;
  /** Longest time for one judgement, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
}

/** The service breaks down: the judge may throw then, and the item counts as failed; it may neither hang nor score. */
const breakdowns: Readonly<Record<string, { readonly status: number; readonly body: string }>> = {
  "a refused request": { status: 400, body: '{"error": {"message": "too long"}}' },
  "no JSON": { status: 200, body: "<html>gateway</html>" },
  "no choice": { status: 200, body: '{"choices": []}' },
  "a choice without text": {
    status: 200,
    body: '{"choices": [{"index": 0, "message": {"role": "assistant", "content": null}, "finish_reason": "length"}]}',
  },
};

/**
 * Checks a judge that asks a model, over a service on this machine which speaks the OpenAI chat API: whatever the model says
 * (nothing, a refusal, broken JSON, a score out of range), the judge returns a judgement and does not throw, a reply without a
 * score becomes `unparsed` with the raw text, and the same reply gets the same judgement.
 *
 * @throws AssertionError that says which rule was broken, by which reply
 */
export async function checkJudgeReplies<Options>(
  contribution: Contribution<Judge, Options> | undefined,
  check: ReplyCheckOptions<Options>,
): Promise<void> {
  const server = await startReplyServer();
  try {
    const judge = await createForCheck(contribution, { ...check, options: check.options(server.baseUrl) });
    checkAspects(judge);
    const [first] = judgeSamples;
    const sample = check.sample ?? first;
    expect(sample !== undefined, "there is no sample to judge");
    const item: JudgeItem = { sample, answer: answerRecord("Paris.", { sampleId: sample.id }) };
    const judging = () => judge.judge(item, new AbortController().signal, noAsk);
    const replies = [...Object.entries(oddReplies), ...(check.replies ?? []).map((text) => [text, text] as const)];
    for (const [name, text] of replies) {
      await checkReply(judge, server, text, `reply ${name}`, () =>
        inTime(judging, item, check.timeoutMs ?? 5000, `reply ${name}`),
      );
    }
    for (const [name, reply] of Object.entries(breakdowns)) {
      server.reply = reply;
      // A fault of the service may be thrown: the run notes it, and asks again next time.
      const settled = await Promise.allSettled([judging()]);
      const scored = settled.some((result) => result.status === "fulfilled" && result.value.status === "scored");
      expect(!scored, `the service gave ${name}, and the judge scored`);
    }
  } finally {
    await server.close();
  }
}

async function checkReply(
  judge: Judge,
  server: ReplyServer,
  text: string,
  of: string,
  judging: () => Promise<Judgement>,
): Promise<void> {
  server.reply = text;
  const before = server.asked;
  const judgement = await judging();
  expect(server.asked > before, `${of}: the judge did not ask the service of its options`);
  checkJudgement(judge, judgement, of);
  if (judgement.status === "unparsed") {
    expect(judgement.raw === text, `${of}: unparsed, but its raw text is not the reply`);
  }
  expect(text.trim() !== "" || judgement.status !== "scored", `${of}: the judge scored a reply that says nothing`);
  expect(isDeepStrictEqual(await judging(), judgement), `${of}: the same reply got another judgement`);
}
