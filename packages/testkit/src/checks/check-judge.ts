import { isDeepStrictEqual } from "node:util";
import type { AnsweredRecord, Ask, Contribution, Judge, JudgeItem, Judgement, Sample } from "@unshift/contracts";
import { onAnotherDay } from "./another-day.js";
import { answerRecord } from "./answer-record.js";
import { checkAspects, checkJudgement } from "./check-judgement.js";
import { type CheckOptions, createForCheck } from "./create-for-check.js";
import { expect, quote } from "./expect.js";
import { judgeSamples } from "./judge-samples.js";
import { noAsk } from "./no-ask.js";
import { oddReplies } from "./odd-replies.js";
import { oddTexts } from "./odd-texts.js";
import { prepareJudge } from "./prepare-judge.js";

export interface JudgeCheckOptions<Options> extends CheckOptions<Options> {
  /** Default: with a reference, harmful, with neither, with an empty question, a second turn. */
  readonly samples?: readonly Sample[];
  /** Answers besides the odd ones. */
  readonly answers?: readonly string[];
  /** Whether the same item and the same replies must get the same judgement again. Default true. */
  readonly deterministic?: boolean;
  /** Longest time for one judgement, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
}

/** How an answer may have come about besides having been generated to its end. */
const circumstances: Readonly<Record<string, Partial<AnsweredRecord>>> = {
  "cut off": { finishReason: "length" },
  "made elsewhere": { finishReason: "unknown", imported: { sha256: "0".repeat(64), generator: null } },
};

/**
 * Checks that a judge keeps its contract on answers no author thinks of (empty, broken Unicode, 100,000 characters, made
 * elsewhere): it returns, in time, a judgement whose scores belong to declared aspects and lie in their range, or a reason; it
 * changes neither sample nor answer; another instance, asked in another order and on another day, judges alike. One that asks a model gets odd replies; `checkJudgeReplies` checks how
 * it reads them.
 *
 * @throws AssertionError that says which rule was broken, by which sample and answer
 */
export async function checkJudge<Options>(
  contribution: Contribution<Judge, Options> | undefined,
  check: JudgeCheckOptions<Options> = {},
): Promise<void> {
  const judge = await createForCheck(contribution, check);
  const other = await createForCheck(contribution, check);
  await prepareJudge(judge);
  await prepareJudge(other);
  checkAspects(judge);
  expect(judge.version === other.version, `two instances state another version: ${judge.version}, ${other.version}`);
  const cases = itemsOf(judge, check.samples ?? judgeSamples, check.answers ?? []);
  const judgements = new Map<string, Judgement>();
  for (const [of, item] of cases) {
    const judging = () => judge.judge(item, neverAborted(), askFor(judge, of));
    const judgement = await inTime(judging, item, check.timeoutMs ?? 5000, of);
    checkJudgement(judge, judgement, of);
    judgements.set(of, structuredClone(judgement));
  }
  if (check.deterministic === false) return;
  for (const [of, item] of cases.toReversed()) {
    const again = await onAnotherDay(() => other.judge(item, neverAborted(), askFor(other, of)));
    expect(isDeepStrictEqual(judgements.get(of), again), `${of}: the same item got another judgement`);
  }
}

/** For a judge that asks: one of the odd replies, the same for the same case. */
function askFor(judge: Judge, of: string): Ask {
  if (judge.asks !== true) return noAsk;
  const replies = Object.values(oddReplies);
  const nth = [...of].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 1_000_003, 7) % replies.length;
  return async () => ({ text: replies[nth] ?? "", ended: "whole", model: "replies", tokens: null });
}

function itemsOf(
  judge: Judge,
  samples: readonly Sample[],
  answers: readonly string[],
): (readonly [string, JudgeItem])[] {
  const pairs = judge.judges === "pairs";
  const texts = [...Object.entries(oddTexts), ...answers.map((text) => [quote(text), text] as const)];
  const records = [
    ...texts.map(([name, text]) => [name, answerRecord(text)] as const),
    ...Object.entries(circumstances).map(([name, change]) => [name, answerRecord("Paris is", change)] as const),
  ];
  return samples.flatMap((sample) =>
    records.map(([name, answer]) => [
      `sample "${sample.id}", answer ${name}`,
      {
        sample,
        answer: { ...answer, sampleId: sample.id },
        ...(pairs ? { against: answerRecord("Paris.", { system: "other", sampleId: sample.id }) } : {}),
      },
    ]),
  );
}

function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

/** A judgement that came in time, of an item that stayed as it was. */
export async function inTime(
  judging: () => Judgement | Promise<Judgement>,
  item: JudgeItem,
  timeoutMs: number,
  of: string,
): Promise<Judgement> {
  const before = structuredClone(item);
  const started = performance.now();
  let judgement: Judgement;
  try {
    judgement = await judging();
  } catch (error) {
    expect(false, `${of}: the judge threw: ${String(error)}`);
  }
  const took = performance.now() - started;
  expect(took <= timeoutMs, `${of}: judging took ${Math.round(took)} ms, more than ${timeoutMs}`);
  expect(isDeepStrictEqual(item, before), `${of}: the judge changed the sample or the answer, which others read too`);
  return judgement;
}
