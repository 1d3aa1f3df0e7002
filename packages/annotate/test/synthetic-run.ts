import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnswerRecord, JsonObject, Sample } from "@unshift/contracts";
import { type Manifest, type RunStore, runFormat } from "@unshift/contracts/services";
import { createStore } from "@unshift/store";
import type { ExecutionContext } from "ava";

export interface SyntheticRun {
  readonly systems: readonly string[];
  readonly samples: readonly Sample[];
  /** null: the system did not answer. */
  readonly answer: (system: string, sample: Sample) => string | null;
  readonly judges?: readonly JsonObject[];
}

/** Questions by number; the last two are two turns of one chat. */
export function questions(count: number): Sample[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `q${index}`,
    messages: [{ role: "user" as const, content: `Question ${index}?` }],
    ...(index === count - 1 && count > 2 ? { follows: `q${index - 1}` } : {}),
    reference: index === 0 ? ["The fact."] : [],
    tags: {},
  }));
}

/** Writes a run folder for a test; removed afterwards. Returns its path. */
export async function writeRun(t: Pick<ExecutionContext, "teardown">, run: SyntheticRun): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unshift-annotate-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const store = await createStore().create(folder, manifestOf(run));
  await store.writeSamples(run.samples);
  for (const system of run.systems) {
    for (const sample of run.samples) await store.appendAnswer(record(system, sample, run.answer(system, sample)));
  }
  await store.close();
  return folder;
}

/** Opens a run for writing; closed after the test, where the test did not. */
export async function openRun(t: Pick<ExecutionContext, "teardown">, folder: string): Promise<RunStore> {
  const store = await createStore().open(folder);
  t.teardown(() => store.close());
  return store;
}

function manifestOf({ systems, judges }: SyntheticRun): Manifest {
  return {
    format: runFormat,
    name: "synthetic",
    experimentKey: "k",
    unshiftVersion: "0",
    createdAt: "2026-01-01T00:00:00.000Z",
    experimentText: "",
    experiment: {
      systems: systems.map((id) => ({ id, model: "m", strategy: { use: "chat" } })),
      shifts: [],
      judges: [...(judges ?? [])],
      seed: 0,
    },
    plugins: [],
    models: {},
    engine: "none",
    numerics: "strict",
    machine: {},
    dataset: {},
    notes: [],
  };
}

function record(system: string, sample: Sample, text: string | null): AnswerRecord {
  const of = { key: `${system}/${sample.id}`, system, sampleId: sample.id };
  if (text === null) {
    return { ...of, status: "failed", reason: { code: "X", message: "x" }, promptTokens: null, contextSize: null };
  }
  return {
    ...of,
    status: "answered",
    prompt: { text: "", ids: [], prefixLength: 0, provenance: {} },
    ids: [],
    rawIds: [],
    text,
    raw: text,
    finishReason: "eos",
    stop: null,
    durationMs: 1,
  };
}
