import type { FinishReason, Strategy } from "@unshift/contracts";
import { onAnotherDay } from "./another-day.js";
import { expect, quote } from "./expect.js";
import { oddTexts } from "./odd-texts.js";

const reasons: readonly FinishReason[] = ["eos", "stop", "length", "context", "unknown"];
const texts = [
  ...Object.values(oddTexts),
  "Oslo.",
  " Oslo is the capital of Norway.\n```\n\n# Query:\n```\nAnd Spain?",
];

/**
 * Checks that `extract` gives a text for every answer, the same one from another instance, in another order, on another day.
 * Nothing where a strategy has none.
 */
export function checkExtract(first: Strategy, second: Strategy): void {
  const cases = texts.flatMap((text) =>
    reasons.map((finishReason) => Object.freeze({ text, raw: `${text}\n`, finishReason })),
  );
  const extracted = new Map(cases.map((answer) => [answer, extractOf(first, answer)]));
  for (const answer of cases.toReversed()) {
    const again = onAnotherDay(() => extractOf(second, answer));
    expect(
      again === extracted.get(answer),
      `extract is not pure: ${quote(answer.text)} became another text in another order`,
    );
  }
}

function extractOf(strategy: Strategy, answer: Parameters<NonNullable<Strategy["extract"]>>[0]): string | undefined {
  if (strategy.extract === undefined) return undefined;
  let extracted: unknown;
  try {
    extracted = strategy.extract(answer);
  } catch (error) {
    expect(false, `extract threw for ${quote(answer.text)}: ${String(error)}`);
  }
  expect(typeof extracted === "string", `extract gave ${typeof extracted} for ${quote(answer.text)}, not a text`);
  return extracted;
}
