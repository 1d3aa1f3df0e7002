import { access } from "node:fs/promises";
import { join } from "node:path";
import type { AnswerRecord, ComparisonRecord } from "@unshift/contracts";
import type { RunStore } from "@unshift/contracts/services";
import type { LoadedExperiment } from "../config/experiment.js";
import { prepareItem } from "./1-answer.js";
import { isCompared, planItem, shiftsOf } from "./2-score.js";
import { fetchModels } from "./fetch-models.js";
import { modelOf, modelRequest, openModels } from "./open-models.js";
import { prepareExperiment } from "./prepared-experiment.js";
import { notesOf } from "./run-experiment.js";
import type { RunServices } from "./run-services.js";

export interface PlannedSystem {
  readonly items: number;
  readonly cached: number;
  readonly toDo: number;
  /** Samples whose prompt leaves no room for an answer. */
  readonly tooLong: number;
  /** Samples for which no prompt can be built. */
  readonly failed: number;
  /** Tokens of all prompts; `sharedPromptTokens` of each are decoded once. */
  readonly promptTokens: number;
  readonly sharedPromptTokens: number;
  /** Upper bound: items to do × maxTokens. */
  readonly maxNewTokens: number;
}

export interface RunPlan {
  readonly run: string;
  readonly systems: Readonly<Record<string, PlannedSystem>>;
  readonly shifts: readonly {
    readonly answers: string;
    readonly subject: string;
    readonly items: number;
    readonly cached: number;
    readonly toDo: number;
  }[];
  readonly memory: Readonly<Record<string, { readonly weightsBytes: number; readonly contextBytes: number }>>;
  readonly notes: readonly string[];
  /** The first system's prompt for the first sample. */
  readonly firstPrompt: {
    readonly system: string;
    readonly sample: string;
    readonly prompt: string;
    readonly tokens: number;
  } | null;
}

/** What a run would do, counted on the real prompts; generates and writes nothing. */
export async function planExperiment(loaded: LoadedExperiment, services: RunServices): Promise<RunPlan> {
  const created = await prepareExperiment(loaded, services);
  try {
    const prepared = await fetchModels(created, services);
    const { experiment } = prepared.loaded;
    const memory: Record<string, { weightsBytes: number; contextBytes: number }> = {};
    const models = await openModels(prepared, services);
    for (const spec of experiment.models.filter(({ id }) => models.has(id))) {
      memory[spec.id] = await prepared.engine.estimate(modelRequest(experiment, spec));
    }
    const before = await readBefore(experiment.output, services);
    const systems: Record<string, PlannedSystem> = {};
    const answered = new Map<string, Map<string, AnswerRecord>>();
    let firstPrompt: RunPlan["firstPrompt"] = null;
    for (const system of prepared.systems) {
      const model = modelOf(models, system.spec.model);
      const known = new Map<string, AnswerRecord>();
      let [cached, tooLong, failed, promptTokens, shared] = [0, 0, 0, 0, Number.POSITIVE_INFINITY];
      for (const sample of prepared.selection.samples) {
        const item = await prepareItem(prepared, system, model, sample);
        if ("prompt" in item) {
          const { prompt } = item;
          const tokens = prompt.ids.length;
          firstPrompt ??= { system: system.spec.id, sample: sample.id, prompt: prompt.prompt.text, tokens };
          promptTokens += tokens;
          shared = Math.min(shared, prompt.prefixLength);
        } else {
          tooLong += item.status === "skipped" ? 1 : 0;
          failed += item.status === "failed" ? 1 : 0;
          promptTokens += item.promptTokens ?? 0;
        }
        const stored = before.answers.get(`${system.spec.id}\0${sample.id}`);
        if (stored !== undefined && stored.status !== "failed" && stored.key === item.key) {
          cached += 1;
          known.set(sample.id, stored);
        }
      }
      answered.set(system.spec.id, known);
      const items = prepared.selection.samples.length;
      systems[system.spec.id] = {
        items,
        cached,
        toDo: items - cached,
        tooLong,
        failed,
        promptTokens,
        sharedPromptTokens: Number.isFinite(shared) ? shared : 0,
        maxNewTokens: Math.max(0, items - cached - tooLong - failed) * system.spec.decoding.maxTokens,
      };
    }
    const shifts: RunPlan["shifts"][number][] = [];
    for (const shift of shiftsOf(prepared, models)) {
      let cached = 0;
      for (const sample of prepared.selection.samples) {
        const answer = answered.get(shift.answers.spec.id)?.get(sample.id);
        const record = before.comparisons.get(`${shift.id}\0${sample.id}`);
        if (answer !== undefined && record !== undefined) {
          const { key } = await planItem(prepared, shift, answer, sample);
          cached += isCompared(record, key, before.scored) ? 1 : 0;
        }
      }
      const items = prepared.selection.samples.length;
      shifts.push({
        answers: shift.answers.spec.id,
        subject: shift.subject.spec.id,
        items,
        cached,
        toDo: items - cached,
      });
    }
    return { run: experiment.output, systems, shifts, memory, notes: notesOf(prepared, models), firstPrompt };
  } finally {
    await created.engine.dispose();
  }
}

interface Before {
  readonly answers: ReadonlyMap<string, AnswerRecord>;
  readonly comparisons: ReadonlyMap<string, ComparisonRecord>;
  readonly scored: ReadonlySet<string>;
}

async function readBefore(folder: string, services: RunServices): Promise<Before> {
  try {
    await access(join(folder, "manifest.json"));
  } catch {
    // No run yet: nothing is cached.
    return { answers: new Map(), comparisons: new Map(), scored: new Set() };
  }
  const store: RunStore = await services.store.open(folder, { readOnly: true });
  try {
    return {
      answers: new Map((await store.answers()).map((record) => [`${record.system}\0${record.sampleId}`, record])),
      comparisons: new Map(
        (await store.comparisons()).map((record) => [`${record.shift}\0${record.sampleId}`, record]),
      ),
      scored: await store.positionKeys(),
    };
  } finally {
    await store.close();
  }
}
