import { access } from "node:fs/promises";
import { join } from "node:path";
import type { AnswerRecord } from "@unshift/contracts";
import type { RunStore } from "@unshift/contracts/services";
import type { LoadedExperiment } from "../config/experiment.js";
import { answerKey } from "./1-answer.js";
import { shiftsOf } from "./2-score.js";
import { buildPrompt } from "./build-prompt.js";
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
  const { experiment } = loaded;
  const prepared = await prepareExperiment(loaded, services);
  try {
    const memory: Record<string, { weightsBytes: number; contextBytes: number }> = {};
    const models = await openModels(prepared, services);
    for (const spec of experiment.models.filter(({ id }) => models.has(id))) {
      memory[spec.id] = await prepared.engine.estimate(modelRequest(experiment, spec));
    }
    const before = await readBefore(experiment.output, services);
    const systems: Record<string, PlannedSystem> = {};
    const answered = new Map<string, Set<string>>();
    let firstPrompt: RunPlan["firstPrompt"] = null;
    for (const system of prepared.systems) {
      const model = modelOf(models, system.spec.model);
      const known = new Set<string>();
      let [cached, tooLong, promptTokens, shared] = [0, 0, 0, Number.POSITIVE_INFINITY];
      for (const sample of prepared.selection.samples) {
        const prompt = await buildPrompt(system, model, sample);
        firstPrompt ??= {
          system: system.spec.id,
          sample: sample.id,
          prompt: prompt.prompt.text,
          tokens: prompt.ids.length,
        };
        promptTokens += prompt.ids.length;
        shared = Math.min(shared, prompt.prefixLength);
        tooLong += prompt.ids.length >= model.view.contextSize ? 1 : 0;
        const stored = before.answers.get(`${system.spec.id}\0${sample.id}`);
        if (
          stored !== undefined &&
          stored.status !== "failed" &&
          stored.key === answerKey(prepared.engine, prepared, system, model, prompt)
        ) {
          cached += 1;
          known.add(sample.id);
        }
      }
      answered.set(system.spec.id, known);
      const items = prepared.selection.samples.length;
      systems[system.spec.id] = {
        items,
        cached,
        toDo: items - cached,
        tooLong,
        promptTokens,
        sharedPromptTokens: Number.isFinite(shared) ? shared : 0,
        maxNewTokens: Math.max(0, items - cached - tooLong) * system.spec.decoding.maxTokens,
      };
    }
    const shifts = shiftsOf(prepared, models).map((shift) => {
      const known = answered.get(shift.answers.spec.id);
      const cached = prepared.selection.samples.filter(
        ({ id }) => known?.has(id) && before.compared.has(`${shift.id}\0${id}`),
      ).length;
      const items = prepared.selection.samples.length;
      return { answers: shift.answers.spec.id, subject: shift.subject.spec.id, items, cached, toDo: items - cached };
    });
    return { run: experiment.output, systems, shifts, memory, notes: notesOf(prepared, models), firstPrompt };
  } finally {
    await prepared.engine.dispose();
  }
}

async function readBefore(
  folder: string,
  services: RunServices,
): Promise<{ answers: ReadonlyMap<string, AnswerRecord>; compared: ReadonlySet<string> }> {
  try {
    await access(join(folder, "manifest.json"));
  } catch {
    // No run yet: nothing is cached.
    return { answers: new Map(), compared: new Set() };
  }
  const store: RunStore = await services.store.open(folder, { readOnly: true });
  try {
    const scored = await store.positionKeys();
    const comparisons = (await store.comparisons()).filter(
      (record) =>
        record.status === "skipped" ||
        (record.status === "scored" && (record.positions === 0 || scored.has(record.key))),
    );
    return {
      answers: new Map((await store.answers()).map((record) => [`${record.system}\0${record.sampleId}`, record])),
      compared: new Set(comparisons.map((record) => `${record.shift}\0${record.sampleId}`)),
    };
  } finally {
    await store.close();
  }
}
