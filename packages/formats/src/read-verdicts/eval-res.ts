import { readFile } from "node:fs/promises";
import { UnshiftError } from "@unshift/contracts";
import type { ReleasedVerdict } from "./released-verdict.js";
import { numberIn, objectIn } from "./verdict-fields.js";

/** just-eval's summary of a result file (`….eval_res.json`), of scores. */
export interface EvalRes {
  /** Judged items. */
  readonly total: number;
  /** Aspect → mean score. */
  readonly means: Readonly<Record<string, number>>;
  /** Mean words of the answers that were judged. */
  readonly averageWords: number;
  /** The result file it is of. */
  readonly outputFile: string;
}

/** @throws DATASET_NOT_FOUND, DATASET_SYNTAX, DATASET_FIELD */
export async function readEvalRes(file: string): Promise<EvalRes> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const code = cause instanceof SyntaxError ? "DATASET_SYNTAX" : "DATASET_NOT_FOUND";
    throw new UnshiftError(code, `no summary can be read here: ${String(cause)}`, { where: { file }, cause });
  }
  const fields = objectIn(value) ?? {};
  const [total, averageWords] = [numberIn(fields.total), numberIn(fields.avg_lens)];
  if (total === null || averageWords === null || typeof fields.output_file !== "string") {
    throw new UnshiftError("DATASET_FIELD", "wanted are total, avg_lens (a number) and output_file", {
      where: { file },
    });
  }
  const means = Object.entries(fields).flatMap(([field, mean]) => {
    const aspect = /^(.+)_mean$/.exec(field)?.[1];
    const score = numberIn(mean);
    return aspect === undefined || score === null ? [] : [[aspect, score] as const];
  });
  return { total, means: Object.fromEntries(means), averageWords, outputFile: fields.output_file };
}

/**
 * The summary of scored verdicts, as the released code computes it but for what "N/A" counts, which has to be said: `five` is the
 * released code's policy. Means are NaN of nothing, so an aspect without a score is left out.
 */
export function evalResOf(
  verdicts: Iterable<ReleasedVerdict>,
  options: { readonly naPolicy: "exclude" | "five"; readonly outputFile: string },
): EvalRes {
  const scores = new Map<string, number[]>();
  const words: number[] = [];
  const add = (aspect: string, score: number) => scores.set(aspect, [...(scores.get(aspect) ?? []), score]);
  for (const { outcome, texts } of verdicts) {
    if (outcome.status !== "scored") continue;
    words.push(texts.answer?.match(/\S+/g)?.length ?? 0);
    for (const [aspect, score] of Object.entries(outcome.scores)) add(aspect, score);
    if (options.naPolicy === "five") for (const aspect of outcome.notApplicable) add(aspect, 5);
  }
  return {
    total: words.length,
    means: Object.fromEntries([...scores].map(([aspect, all]) => [aspect, mean(all)])),
    averageWords: words.length === 0 ? 0 : mean(words),
    outputFile: options.outputFile,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
