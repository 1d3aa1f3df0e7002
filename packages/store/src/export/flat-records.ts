import {
  type AnswerRecord,
  type ComparisonRecord,
  instructionOf,
  type Preference,
  type Sample,
  type VerdictRecord,
} from "@unshift/contracts";
import { byCodeUnit } from "../positions/stored-text.js";
import type { FlatCell, FlatColumn } from "./flat-table.js";

function column<R>(name: string, type: FlatColumn<R>["type"], cell: (record: R) => FlatCell): FlatColumn<R> {
  return { name, type, cell };
}

export const sampleColumns: readonly FlatColumn<Sample>[] = [
  column("sample_id", "VARCHAR", (sample) => sample.id),
  column("instruction", "VARCHAR", instructionOf),
  column("messages", "VARCHAR", (sample) => JSON.stringify(sample.messages)),
  column("follows", "VARCHAR", (sample) => sample.follows ?? null),
  column("reference", "VARCHAR[]", (sample) => sample.reference),
  column("tags", "VARCHAR", (sample) => JSON.stringify(sample.tags)),
];

/** Cell of an answer, null where there is none. */
function answered<Value extends FlatCell>(
  cell: (record: Extract<AnswerRecord, { status: "answered" }>) => Value,
): (record: AnswerRecord) => Value | null {
  return (record) => (record.status === "answered" ? cell(record) : null);
}

function unanswered<Value extends FlatCell>(
  cell: (record: Exclude<AnswerRecord, { status: "answered" }>) => Value,
): (record: AnswerRecord) => Value | null {
  return (record) => (record.status === "answered" ? null : cell(record));
}

export const answerColumns: readonly FlatColumn<AnswerRecord>[] = [
  column("system", "VARCHAR", (record) => record.system),
  column("sample_id", "VARCHAR", (record) => record.sampleId),
  column("item_key", "VARCHAR", (record) => record.key),
  column("status", "VARCHAR", (record) => record.status),
  column(
    "text",
    "VARCHAR",
    answered((record) => record.text),
  ),
  column(
    "raw",
    "VARCHAR",
    answered((record) => record.raw),
  ),
  column(
    "finish_reason",
    "VARCHAR",
    answered((record) => record.finishReason),
  ),
  column(
    "stop",
    "VARCHAR",
    answered((record) => record.stop),
  ),
  column(
    "token_ids",
    "INTEGER[]",
    answered((record) => record.ids),
  ),
  column(
    "raw_token_ids",
    "INTEGER[]",
    answered((record) => record.rawIds),
  ),
  column(
    "prompt_text",
    "VARCHAR",
    answered((record) => record.prompt.text),
  ),
  column(
    "prompt_token_ids",
    "INTEGER[]",
    answered((record) => record.prompt.ids),
  ),
  column(
    "duration_ms",
    "DOUBLE",
    answered((record) => record.durationMs),
  ),
  column(
    "reason_code",
    "VARCHAR",
    unanswered((record) => record.reason.code),
  ),
  column(
    "reason",
    "VARCHAR",
    unanswered((record) => record.reason.message),
  ),
  column("prompt_tokens", "INTEGER", (record) =>
    record.status === "answered" ? record.prompt.ids.length : record.promptTokens,
  ),
  column(
    "context_size",
    "INTEGER",
    unanswered((record) => record.contextSize),
  ),
  column(
    "generator",
    "VARCHAR",
    answered((record) => record.imported?.generator ?? null),
  ),
  column(
    "imported_sha256",
    "VARCHAR",
    answered((record) => record.imported?.sha256 ?? null),
  ),
  column(
    "repetition_period",
    "INTEGER",
    answered((record) => record.repetition?.period ?? null),
  ),
  column(
    "repetition_times",
    "INTEGER",
    answered((record) => record.repetition?.times ?? null),
  ),
];

export const comparisonColumns: readonly FlatColumn<ComparisonRecord>[] = [
  column("shift", "VARCHAR", (record) => record.shift),
  column("sample_id", "VARCHAR", (record) => record.sampleId),
  column("item_key", "VARCHAR", (record) => record.key),
  column("status", "VARCHAR", (record) => record.status),
  column("positions", "INTEGER", (record) => record.positions),
  column("reason_code", "VARCHAR", (record) => record.reason?.code ?? null),
  column("reason", "VARCHAR", (record) => record.reason?.message ?? null),
  column("subject_prompt_text", "VARCHAR", (record) => record.subjectPrompt?.text ?? null),
  column("subject_prompt_token_ids", "INTEGER[]", (record) => record.subjectPrompt?.ids ?? null),
];

function scoresOf(record: VerdictRecord): Readonly<Record<string, number>> {
  return record.judgement.status === "scored" ? record.judgement.scores : {};
}

function preferencesOf(record: VerdictRecord): Readonly<Record<string, Preference>> {
  return record.judgement.status === "preferred" ? record.judgement.preferences : {};
}

/** Columns of verdicts: `score_<aspect>` and `preference_<aspect>` for every aspect that occurs, in code-unit order. */
export function verdictColumns(records: readonly VerdictRecord[]): readonly FlatColumn<VerdictRecord>[] {
  const named = (aspectsOf: (record: VerdictRecord) => object) =>
    [...new Set(records.flatMap((record) => Object.keys(aspectsOf(record))))].sort(byCodeUnit);
  return [
    column("judge", "VARCHAR", (record) => record.judge),
    column("system", "VARCHAR", (record) => record.system),
    column("against", "VARCHAR", (record) => record.against ?? null),
    column("sample_id", "VARCHAR", (record) => record.sampleId),
    column("repeat", "INTEGER", (record) => record.repeat ?? 1),
    column("item_key", "VARCHAR", (record) => record.key),
    column("status", "VARCHAR", (record) => record.judgement.status),
    ...named(scoresOf).map((aspect) =>
      column<VerdictRecord>(`score_${aspect}`, "DOUBLE", (record) => scoresOf(record)[aspect] ?? null),
    ),
    ...named(preferencesOf).map((aspect) =>
      column<VerdictRecord>(`preference_${aspect}`, "VARCHAR", (record) => preferencesOf(record)[aspect] ?? null),
    ),
    column("not_applicable", "VARCHAR[]", ({ judgement }) =>
      judgement.status === "scored" ? (judgement.notApplicable ?? []) : [],
    ),
    column("repairs", "VARCHAR[]", ({ judgement }) => ("repairs" in judgement ? (judgement.repairs ?? []) : [])),
    column("reason", "VARCHAR", ({ judgement }) => ("reason" in judgement ? judgement.reason : null)),
    column("rationale", "VARCHAR", ({ judgement }) =>
      "rationale" in judgement ? (judgement.rationale ?? null) : null,
    ),
    column("raw", "VARCHAR", ({ judgement }) => ("raw" in judgement ? (judgement.raw ?? null) : null)),
  ];
}
