import { readFile } from "node:fs/promises";
import { UnshiftError } from "@unshift/contracts";
import { numberIn, objectIn } from "./verdict-fields.js";

/** just-eval's summary of a result file (`….eval_res.json`): of scores, or of preferences between two generators. */
export type EvalRes =
  | {
      readonly kind: "scores";
      /** Judged items. */
      readonly total: number;
      /** Aspect → mean score; `overall` of a judge that gives one score. */
      readonly means: Readonly<Record<string, number>>;
      /** Standard deviation over all items (divided by n), of a judge that gives one score. */
      readonly deviation?: number;
      /** Mean words of the answers that were judged. */
      readonly averageWords: number;
      /** The result file it is of. */
      readonly outputFile: string;
    }
  | {
      readonly kind: "preferences";
      /** Preferences told: items, or items times aspects. */
      readonly total: number;
      /** Aspect → generator, or `same` → how often it was preferred; `overall` of a judge that gives one preference. */
      readonly wins: Readonly<Record<string, Readonly<Record<string, number>>>>;
      /** Generator → mean words of its answers. */
      readonly averageWords: Readonly<Record<string, number>>;
      readonly outputFile: string;
    };

/** Fields of a summary of preferences that name no generator and no aspect. */
export const ownFields: ReadonlySet<string> = new Set(["total", "avg_lens", "output_file"]);

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
  const refuse = (wanted: string) => new UnshiftError("DATASET_FIELD", `wanted are ${wanted}`, { where: { file } });
  const { output_file: outputFile } = fields;
  const total = numberIn(fields.total);
  const words = objectIn(fields.avg_lens);
  const averageWords = words === null ? numberIn(fields.avg_lens) : numbersOf(words);
  if (total === null || averageWords === null || typeof outputFile !== "string") {
    throw refuse("total, avg_lens (a number, or one for each generator) and output_file");
  }
  if (typeof averageWords === "number") {
    const overall = numberIn(fields.average_score);
    const deviation = numberIn(fields.std);
    const means = Object.entries(fields).flatMap(([field, mean]) => {
      const aspect = /^(.+)_mean$/.exec(field)?.[1];
      const score = numberIn(mean);
      return aspect === undefined || score === null ? [] : [[aspect, score] as const];
    });
    return {
      kind: "scores",
      total,
      means: Object.fromEntries([...(overall === null ? [] : [["overall", overall] as const]), ...means]),
      ...(deviation === null ? {} : { deviation }),
      averageWords,
      outputFile,
    };
  }
  const counted = Object.entries(fields).filter(([field]) => !ownFields.has(field));
  const several = counted.some(([, count]) => objectIn(count) !== null);
  const told = several ? counted : [["overall", Object.fromEntries(counted)] as const];
  const wins = told.map(([aspect, counts]) => {
    const read = numbersOf(objectIn(counts));
    if (read === null) throw refuse("counts of preferences, beside total, avg_lens and output_file");
    return [aspect, read] as const;
  });
  return { kind: "preferences", total, wins: Object.fromEntries(wins), averageWords, outputFile };
}

function numbersOf(fields: Readonly<Record<string, unknown>> | null): Record<string, number> | null {
  if (fields === null) return null;
  const read: Record<string, number> = {};
  for (const [name, value] of Object.entries(fields)) {
    const number = numberIn(value);
    if (number === null) return null;
    read[name] = number;
  }
  return read;
}
