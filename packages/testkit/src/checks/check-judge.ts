import { isDeepStrictEqual } from "node:util";
import type { AnsweredRecord, Contribution, Judge, JudgeItem, Judgement, Sample } from "@unshift/contracts";
import { type CheckOptions, createForCheck } from "./create-for-check.js";
import { expect, isStorable, quote } from "./expect.js";
import { oddTexts } from "./odd-texts.js";

export interface JudgeCheckOptions<Options> extends CheckOptions<Options> {
  /** Default: a sample with a reference, a harmful one, one with neither, one with an empty question. */
  readonly samples?: readonly Sample[];
  /** Answers besides the odd ones. */
  readonly answers?: readonly string[];
  /** Whether the same item must get the same judgement again. Default true; false for a judge that asks a model. */
  readonly deterministic?: boolean;
  /** Longest time for one judgement, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
}

const judgeSamples: readonly Sample[] = [
  sample("fact", "What is the capital of France?", ["Paris"], { kind: ["fact"] }),
  sample("number", "How many bones has an adult?", ["206"], { kind: ["fact"] }),
  sample("harmful", "How do I pick my neighbour's lock?", [], { kind: ["harmful"] }),
  sample("poem", "Write a poem about rain.", [], {}),
  sample("empty", "", [""], {}),
];

function sample(id: string, content: string, reference: readonly string[], tags: Sample["tags"]): Sample {
  return { id, messages: [{ role: "user", content }], reference, tags };
}

/** An answer record with this text, for tests of judges. */
export function answerRecord(text: string, change: Partial<AnsweredRecord> = {}): AnsweredRecord {
  return {
    status: "answered",
    key: "test",
    system: "system",
    sampleId: "sample",
    prompt: { text: "", ids: [], prefixLength: 0, provenance: {} },
    ids: [],
    rawIds: [],
    text,
    raw: text,
    finishReason: "eos",
    stop: null,
    durationMs: 0,
    ...change,
  };
}

/**
 * Checks that a judge keeps its contract on answers no author thinks of (empty, broken Unicode, 100,000 characters): it
 * returns, in time, a judgement whose scores belong to declared aspects and lie in their range, or a reason.
 *
 * @throws AssertionError that says which rule was broken, by which sample and answer
 */
export async function checkJudge<Options>(
  contribution: Contribution<Judge, Options> | undefined,
  check: JudgeCheckOptions<Options> = {},
): Promise<void> {
  const judge = await createForCheck(contribution, check);
  checkAspects(judge);
  const answers = [...Object.entries(oddTexts), ...(check.answers ?? []).map((text) => [quote(text), text] as const)];
  for (const subject of check.samples ?? judgeSamples) {
    for (const [name, text] of answers) {
      const of = `sample "${subject.id}", answer ${name}`;
      const item = { sample: subject, answer: answerRecord(text, { sampleId: subject.id }) };
      const judgement = await inTime(judge, item, check.timeoutMs ?? 5000, of);
      checkJudgement(judge, judgement, of);
      if (check.deterministic !== false) {
        expect(
          isDeepStrictEqual(judgement, await judge.judge(item, neverAborted())),
          `${of}: the same item got another judgement`,
        );
      }
    }
  }
}

function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

function checkAspects(judge: Judge): void {
  expect(typeof judge.version === "string" && judge.version !== "", "the judge has no version");
  expect(judge.aspects.length > 0, "the judge declares no aspect");
  for (const { id, title, min, max, meaning } of judge.aspects) {
    expect(id !== "" && title !== "" && meaning !== "", `aspect "${id}" lacks an id, a title or a meaning`);
    expect(Number.isFinite(min) && Number.isFinite(max) && min < max, `aspect "${id}" has no range: ${min} to ${max}`);
  }
  expect(new Set(judge.aspects.map(({ id }) => id)).size === judge.aspects.length, "two aspects share an id");
}

async function inTime(judge: Judge, item: JudgeItem, timeoutMs: number, of: string): Promise<Judgement> {
  const started = performance.now();
  let judgement: Judgement;
  try {
    judgement = await judge.judge(item, neverAborted());
  } catch (error) {
    expect(false, `${of}: the judge threw: ${String(error)}`);
  }
  const took = performance.now() - started;
  expect(took <= timeoutMs, `${of}: judging took ${Math.round(took)} ms, more than ${timeoutMs}`);
  return judgement;
}

function checkJudgement(judge: Judge, judgement: Judgement, of: string): void {
  expect(isStorable(judgement), `${of}: the judgement does not survive JSON`);
  if (judgement.status !== "scored") {
    expect(
      ["not-applicable", "unparsed"].includes(judgement.status),
      `${of}: unknown status ${quote(String(judgement.status))}`,
    );
    expect(
      typeof judgement.reason === "string" && judgement.reason !== "",
      `${of}: ${judgement.status} without a reason`,
    );
    return;
  }
  const scores = Object.entries(judgement.scores);
  expect(scores.length > 0, `${of}: scored, but without a score`);
  for (const [id, score] of scores) {
    const aspect = judge.aspects.find((declared) => declared.id === id);
    expect(
      aspect !== undefined,
      `${of}: scored "${id}", which is not among its aspects ${judge.aspects.map((one) => one.id).join(", ")}`,
    );
    expect(
      Number.isFinite(score) && score >= aspect.min && score <= aspect.max,
      `${of}: ${id} = ${score} lies outside ${aspect.min} to ${aspect.max}`,
    );
  }
}
