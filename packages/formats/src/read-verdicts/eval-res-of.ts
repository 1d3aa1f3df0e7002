import { type Preference, UnshiftError } from "@unshift/contracts";
import { type EvalRes, ownFields } from "./eval-res.js";
import type { ReleasedVerdict } from "./released-verdict.js";

/**
 * The summary of verdicts, as the released code computes it but for what "N/A" counts, which has to be said: `five` is the released
 * code's policy. Of preferences a summary of preferences, else one of scores. Means are NaN of nothing, so an aspect without a score
 * is left out; a preference that changed with the order is `same`.
 *
 * @throws EXPORT_TARGET where scores and preferences are mixed, or a generator is called like a field of the summary
 */
export function evalResOf(
  verdicts: Iterable<ReleasedVerdict>,
  options: { readonly naPolicy: "exclude" | "five"; readonly outputFile: string },
): EvalRes {
  const all = [...verdicts];
  const preferred = all.filter(({ outcome }) => outcome.status === "preferred");
  if (preferred.length === 0) return ofScores(all, options);
  if (all.some(({ outcome }) => outcome.status === "scored")) {
    throw new UnshiftError("EXPORT_TARGET", "scores and preferences do not stand in one summary");
  }
  return ofPreferences(preferred, options.outputFile);
}

function ofScores(
  verdicts: readonly ReleasedVerdict[],
  { naPolicy, outputFile }: { readonly naPolicy: "exclude" | "five"; readonly outputFile: string },
): EvalRes {
  const scores = new Map<string, number[]>();
  const words: number[] = [];
  for (const { outcome, texts } of verdicts) {
    if (outcome.status !== "scored") continue;
    words.push(wordsOf(texts.answer));
    for (const [aspect, score] of Object.entries(outcome.scores)) add(scores, aspect, score);
    if (naPolicy === "five") for (const aspect of outcome.notApplicable) add(scores, aspect, 5);
  }
  const overall = scores.size === 1 ? scores.get("overall") : undefined;
  return {
    kind: "scores",
    total: words.length,
    means: means(scores),
    ...(overall === undefined ? {} : { deviation: deviation(overall) }),
    averageWords: words.length === 0 ? 0 : mean(words),
    outputFile,
  };
}

const places = { answer: "system", against: "against", tie: null, inconsistent: null } as const;

function ofPreferences(verdicts: readonly ReleasedVerdict[], outputFile: string): EvalRes {
  const words = new Map<string, number[]>();
  const wins = new Map<string, Map<string, number>>();
  let total = 0;
  for (const { outcome, system, against = "", texts } of verdicts) {
    if (outcome.status !== "preferred") continue;
    for (const [generator, text] of [
      [system, texts.answer],
      [against, texts.against],
    ] as const) {
      if (ownFields.has(generator) || generator === "same") {
        throw new UnshiftError(
          "EXPORT_TARGET",
          `a generator called ${JSON.stringify(generator)} has no place in a summary`,
          {
            hint: "`--generator` gives it another name.",
          },
        );
      }
      add(words, generator, wordsOf(text));
    }
    for (const [aspect, preference] of Object.entries(outcome.preferences)) {
      total += 1;
      const winner = winnerOf(preference, { system, against });
      const counts = wins.get(aspect) ?? new Map<string, number>();
      wins.set(aspect, counts.set(winner, (counts.get(winner) ?? 0) + 1));
    }
  }
  return {
    kind: "preferences",
    total,
    wins: Object.fromEntries([...wins].map(([aspect, counts]) => [aspect, Object.fromEntries(counts)])),
    averageWords: means(words),
    outputFile,
  };
}

function winnerOf(preference: Preference, sides: { readonly system: string; readonly against: string }): string {
  const place = places[preference];
  return place === null ? "same" : sides[place];
}

function add(lists: Map<string, number[]>, name: string, value: number): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [value]);
  else list.push(value);
}

function wordsOf(text: string | undefined): number {
  return text?.match(/\S+/g)?.length ?? 0;
}

function means(lists: ReadonlyMap<string, readonly number[]>): Record<string, number> {
  return Object.fromEntries([...lists].map(([name, values]) => [name, mean(values)]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
