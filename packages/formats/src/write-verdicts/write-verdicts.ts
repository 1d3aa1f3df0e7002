import type { Json, JsonObject } from "@unshift/contracts";
import type { VerdictFormat } from "../read-verdicts/read-verdicts.js";
import type { ReleasedVerdict } from "../read-verdicts/released-verdict.js";
import { alpacaEvalRow } from "./alpaca-eval-row.js";
import { justEvalRow } from "./just-eval-row.js";
import { mtBenchPairRow } from "./mt-bench-pair-row.js";
import { mtBenchRow } from "./mt-bench-row.js";

/** Why a verdict does not stand in a file, in words for people. */
export const unwrittenVerdictReasons = {
  scored: "the format holds preferences, and this is a score",
  preferred: "the format holds scores, and this is a preference",
  inconsistent: "the format has no word for a preference that changed with the order",
  "other-aspects": "the format holds one aspect, and these are others",
  "no-text": "the format holds question and answer, and they are not known",
  pending: "it is not judged yet, and the format has no word for that",
} as const;

export type UnwrittenVerdictReason = keyof typeof unwrittenVerdictReasons;

export interface WrittenVerdicts {
  readonly content: string;
  /** Verdicts in it. */
  readonly verdicts: number;
  readonly unwritten: readonly {
    readonly sampleId: string;
    readonly system: string;
    readonly reason: UnwrittenVerdictReason;
  }[];
}

/** A row, or why there is none. */
export type VerdictRow = JsonObject | UnwrittenVerdictReason;

const writers: Readonly<
  Record<VerdictFormat, { readonly lines: boolean; readonly row: (verdict: ReleasedVerdict) => VerdictRow }>
> = {
  "just-eval": { lines: false, row: justEvalRow },
  "alpaca-eval": { lines: false, row: alpacaEvalRow },
  "mt-bench": { lines: true, row: mtBenchRow },
  "mt-bench-pair": { lines: true, row: mtBenchPairRow },
};

/** Verdicts in a released format. The same verdicts give the same bytes; what was read from it is written as it was. */
export function writeVerdicts(format: VerdictFormat, verdicts: Iterable<ReleasedVerdict>): WrittenVerdicts {
  const { lines, row } = writers[format];
  const rows: Json[] = [];
  const unwritten: { sampleId: string; system: string; reason: UnwrittenVerdictReason }[] = [];
  for (const verdict of verdicts) {
    const written = row(verdict);
    if (typeof written !== "string") rows.push(written);
    else unwritten.push({ sampleId: verdict.sampleId, system: verdict.system, reason: written });
  }
  const content = lines
    ? rows.map((each) => `${JSON.stringify(each)}\n`).join("")
    : `${JSON.stringify(rows, null, 2)}\n`;
  return { content, verdicts: rows.length, unwritten };
}
