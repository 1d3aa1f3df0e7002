import type { Judge, Judgement } from "@unshift/contracts";
import { expect, isStorable, quote } from "./expect.js";

/** Throws an AssertionError unless a judge has a version, and aspects with a range (null: no bound). */
export function checkAspects(judge: Judge): void {
  expect(typeof judge.version === "string" && judge.version !== "", "the judge has no version");
  expect(judge.aspects.length > 0, "the judge declares no aspect");
  for (const { id, title, min, max, meaning } of judge.aspects) {
    expect(id !== "" && title !== "" && meaning !== "", `aspect "${id}" lacks an id, a title or a meaning`);
    const [low, high] = [min ?? -Number.MAX_VALUE, max ?? Number.MAX_VALUE];
    expect(
      Number.isFinite(low) && Number.isFinite(high) && low < high,
      `aspect "${id}" has no range: ${min} to ${max}`,
    );
  }
  expect(new Set(judge.aspects.map(({ id }) => id)).size === judge.aspects.length, "two aspects share an id");
}

/** Throws an AssertionError unless this is a judgement: scores of declared aspects within their range, or a reason. */
export function checkJudgement(judge: Judge, judgement: Judgement, of: string): void {
  expect(typeof judgement === "object" && judgement !== null, `${of}: the judge gave ${String(judgement)}`);
  expect(isStorable(judgement), `${of}: the judgement does not survive JSON`);
  if (judgement.status === "preferred") {
    checkPreferences(judge, judgement.preferences, of);
    return;
  }
  if (judgement.status !== "scored") {
    expect(
      ["not-applicable", "unparsed"].includes(judgement.status),
      `${of}: unknown status ${quote(String(judgement.status))}`,
    );
    expect(
      typeof judgement.reason === "string" && judgement.reason !== "",
      `${of}: ${judgement.status} without a reason`,
    );
    expect(
      judgement.status !== "unparsed" || typeof judgement.raw === "string",
      `${of}: unparsed without the raw reply, which could be read again later`,
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
      Number.isFinite(score) &&
        score >= (aspect.min ?? Number.NEGATIVE_INFINITY) &&
        score <= (aspect.max ?? Number.POSITIVE_INFINITY),
      `${of}: ${id} = ${score} lies outside ${aspect.min ?? "−∞"} to ${aspect.max ?? "∞"}`,
    );
  }
}

function checkPreferences(judge: Judge, preferences: Readonly<Record<string, string>>, of: string): void {
  expect(judge.judges === "pairs", `${of}: preferred one of two, but the judge does not declare \`judges: "pairs"\``);
  const stated = Object.entries(preferences);
  expect(stated.length > 0, `${of}: preferred, but without an aspect`);
  for (const [id, preference] of stated) {
    expect(
      judge.aspects.some((declared) => declared.id === id),
      `${of}: preferred by "${id}", which is not among its aspects`,
    );
    expect(
      ["answer", "against", "tie", "inconsistent"].includes(preference),
      `${of}: unknown preference ${quote(preference)}`,
    );
  }
}
