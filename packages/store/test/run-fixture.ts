import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnsweredRecord, ComparisonRecord, PositionColumns, Sample, VerdictRecord } from "@unshift/contracts";
import type { Manifest, PositionBlock, TokenView } from "@unshift/contracts/services";
import type { ExecutionContext } from "ava";

/** A path that does not exist yet, in a folder that goes away with the test. */
export async function freshFolder(t: ExecutionContext): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), "unshift-store-"));
  t.teardown(() => rm(parent, { recursive: true, force: true }));
  return join(parent, "run");
}

export function manifestOf(change: Partial<Manifest> = {}): Manifest {
  return {
    format: 1,
    name: "quick",
    experimentKey: "key-1",
    unshiftVersion: "0.1.0",
    createdAt: "2026-01-01T00:00:00.000Z",
    experimentText: "name: quick\n",
    experiment: { systems: { base: { decoding: { temperature: 0 } } }, topK: 10 },
    plugins: [{ name: "@unshift/strategy-chat", version: "0.1.0" }],
    models: { base: { fileHash: "ab" } },
    engine: "fake-1",
    numerics: "strict",
    machine: { cpu: "x" },
    dataset: { use: "builtin" },
    notes: [],
    ...change,
  };
}

export function sampleOf(id: string, content = "What is a token?"): Sample {
  return { id, messages: [{ role: "user", content }], reference: ["a unit of text"], tags: { kind: ["fact"] } };
}

export function answerOf(system: string, sampleId: string, text = "Sure."): AnsweredRecord {
  return {
    key: `answer-${system}-${sampleId}`,
    system,
    sampleId,
    status: "answered",
    prompt: { text: "Q", ids: [1, 2], prefixLength: 1, provenance: {} },
    ids: [5, 6],
    rawIds: [5, 6, 2],
    text,
    raw: text,
    finishReason: "eos",
    stop: null,
    durationMs: 1.5,
  };
}

export function verdictOf(judge: string, system: string, sampleId: string, score: number): VerdictRecord {
  const judgement = { status: "scored", scores: { accuracy: score } } as const;
  return { key: `v-${judge}-${system}-${sampleId}`, judge, system, sampleId, judgement };
}

export function comparisonOf(block: PositionBlock): ComparisonRecord {
  return {
    key: block.key,
    shift: block.shift,
    sampleId: block.sampleId,
    status: "scored",
    positions: block.columns.length,
    reason: null,
    subjectPrompt: null,
  };
}

/** Numbers in [0, 1) that depend on the seed only. */
function sequence(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function columnsOf(
  seed: number,
  length: number,
  options: { topK?: number; dropped?: boolean } = {},
): PositionColumns {
  const next = sequence(seed);
  const { topK = 3, dropped = false } = options;
  const doubles = (n: number, scale: number): Float64Array => Float64Array.from({ length: n }, () => next() * scale);
  const integers = (n: number, limit: number): Int32Array =>
    Int32Array.from({ length: n }, () => Math.floor(next() * limit));
  return {
    length,
    topK,
    tokenIds: integers(length, 50),
    referenceLogprob: doubles(length, -9),
    subjectLogprob: doubles(length, -9),
    referenceRank: integers(length, 3).map((rank) => rank + 1),
    subjectRank: integers(length, 6).map((rank) => rank + 1),
    klReferenceSubject: doubles(length, 4),
    klSubjectReference: doubles(length, 4),
    js: doubles(length, 0.7),
    tv: doubles(length, 1),
    referenceEntropy: doubles(length, 5),
    subjectEntropy: doubles(length, 5),
    referenceTopIds: integers(length * topK, 50),
    referenceTopLogprobs: doubles(length * topK, -9),
    subjectTopIds: integers(length * topK, 50),
    subjectTopLogprobs: doubles(length * topK, -9),
    referenceDroppedMass: dropped ? doubles(length, 0.01) : null,
    subjectDroppedMass: dropped ? doubles(length, 0.01) : null,
  };
}

/** The same positions as they are where the answers came without a model. */
export function withoutReference(columns: PositionColumns): PositionColumns {
  const unknown = (values: Float64Array): Float64Array => values.map(() => Number.NaN);
  return {
    ...columns,
    withoutReference: true,
    referenceLogprob: unknown(columns.referenceLogprob),
    referenceRank: columns.referenceRank.map(() => 0),
    klReferenceSubject: unknown(columns.klReferenceSubject),
    klSubjectReference: unknown(columns.klSubjectReference),
    js: unknown(columns.js),
    tv: unknown(columns.tv),
    referenceEntropy: unknown(columns.referenceEntropy),
    referenceTopIds: columns.referenceTopIds.map(() => -1),
    referenceTopLogprobs: unknown(columns.referenceTopLogprobs),
    referenceDroppedMass: null,
    subjectDroppedMass: null,
  };
}

export function tokenOf(id: number): TokenView {
  return { id, text: `t${id}`, special: false };
}

export function blockOf(
  shift: string,
  sampleId: string,
  columns: PositionColumns,
  key = `${shift}/${sampleId}`,
): PositionBlock {
  return { key, shift, sampleId, columns, token: tokenOf };
}
