import type { AnsweredRecord, AnswerRecord } from "@unshift/contracts";
import type { LoadedExperiment } from "../config/experiment.js";
import { prepareItem } from "./answer-item.js";
import { Conversations } from "./conversation.js";
import { fetchModels } from "./fetch-models.js";
import { openJudgeEngines } from "./judge-engines.js";
import { modelOf, type OpenModels, openModels, type Residency } from "./open-models.js";
import { isCompared, planComparison } from "./plan-comparison.js";
import { type PlannedJudging, planJudging } from "./plan-judging.js";
import { type DevicePlan, planMemory } from "./plan-memory.js";
import { prepareStrategies } from "./prepare-strategies.js";
import { type PreparedExperiment, type PreparedSystem, prepareExperiment } from "./prepared-experiment.js";
import { type RecordsBefore, recordsBefore } from "./records-before.js";
import { notesOf } from "./run-experiment.js";
import type { RunServices } from "./run-services.js";
import { type Shift, shiftsOf } from "./shift.js";

export interface PlannedSystem {
  /** `answers`: read from a file, nothing is generated. */
  readonly origin: "generated" | "answers";
  readonly items: number;
  readonly cached: number;
  readonly toDo: number;
  /** Samples whose prompt leaves no room for an answer. */
  readonly tooLong: number;
  /** Samples for which no prompt can be built. */
  readonly failed: number;
  /** Why the first of these fails, or null. */
  readonly firstFailure: string | null;
  /** Later turns of chats, whose prompt is known once the earlier turn is answered. */
  readonly waiting: number;
  /** Tokens of all prompts that are known; `sharedPromptTokens` of each are decoded once. */
  readonly promptTokens: number;
  readonly sharedPromptTokens: number;
  /** Upper bound: items to do × maxTokens. */
  readonly maxNewTokens: number;
  /** Estimated from the time that answers of this system took so far; null before there is one. */
  readonly seconds: number | null;
}

interface PlannedShift {
  readonly answers: string;
  readonly subject: string;
  readonly items: number;
  readonly cached: number;
  readonly toDo: number;
  /** Estimated from the time that comparisons of this shift took so far; null before there is one. */
  readonly seconds: number | null;
}

export interface RunPlan {
  readonly run: string;
  readonly systems: Readonly<Record<string, PlannedSystem>>;
  readonly shifts: readonly PlannedShift[];
  /** By id of the judge engine. */
  readonly judging: Readonly<Record<string, PlannedJudging>>;
  /** What each model takes, by model. */
  readonly memory: Readonly<Record<string, { readonly weightsBytes: number; readonly contextBytes: number }>>;
  /** Whether all models are in memory at once or one at a time. */
  readonly residency: Residency;
  readonly devices: readonly DevicePlan[];
  readonly notes: readonly string[];
  /** The first system's prompt for the first sample. */
  readonly firstPrompt: {
    readonly system: string;
    readonly sample: string;
    readonly prompt: string;
    readonly tokens: number;
  } | null;
}

/**
 * What a run would do, counted on the real prompts; generates nothing and writes nothing to the run folder. A strategy that needs
 * an index builds it, as the run would; the run then finds it.
 */
export async function planExperiment(loaded: LoadedExperiment, services: RunServices): Promise<RunPlan> {
  const created = await prepareExperiment(loaded, services, { asking: false });
  try {
    const prepared = await fetchModels(created, services);
    const { experiment } = prepared.loaded;
    const memory = await planMemory(prepared);
    const remarks = memory.problem === null ? [] : [`memory: ${memory.problem}: a run is refused`];
    // Prompts need vocabularies and no weights, so that what will not fit can be planned, too.
    const models = await openModels(prepared, services, "sequential");
    const strategies = await prepareStrategies(prepared, prepared.systems, models, services);
    try {
      const before = await recordsBefore(experiment.output, services);
      const planning = new Planning(prepared, models, before);
      const systems = await planning.systems();
      const shifts = await planning.shifts();
      const engines = await openJudgeEngines(prepared, models);
      const judging = await planJudging(prepared, engines, before, services.signal);
      const notes = [
        ...remarks,
        ...(memory.note === null ? [] : [memory.note]),
        ...notesOf(prepared, models),
        ...strategies.notes,
        ...faultsOf(systems),
      ];
      return {
        run: experiment.output,
        systems,
        shifts,
        judging,
        memory: memory.models,
        residency: memory.residency,
        devices: memory.devices,
        notes,
        firstPrompt: planning.firstPrompt,
      };
    } finally {
      await strategies.dispose();
    }
  } finally {
    await created.engine.dispose();
  }
}

/** A plan that hides why a system will fail is no plan. */
function faultsOf(systems: Readonly<Record<string, PlannedSystem>>): string[] {
  return Object.values(systems).flatMap(({ failed, firstFailure }) =>
    firstFailure === null ? [] : [`${failed} ${failed === 1 ? "prompt" : "prompts"} cannot be built: ${firstFailure}`],
  );
}

class Planning {
  firstPrompt: RunPlan["firstPrompt"] = null;
  private readonly conversations: Conversations;
  /** Answers that are there under the right key, by system and sample. */
  private readonly answered = new Map<string, Map<string, AnswerRecord>>();

  constructor(
    private readonly prepared: PreparedExperiment,
    private readonly models: OpenModels,
    private readonly before: RecordsBefore,
  ) {
    this.conversations = new Conversations(prepared.selection.samples);
  }

  async systems(): Promise<Record<string, PlannedSystem>> {
    const planned: Record<string, PlannedSystem> = {};
    for (const system of this.prepared.systems) {
      planned[system.spec.id] =
        system.spec.answers === null ? await this.generated(system) : this.written(system.spec.id);
    }
    for (const { id } of this.prepared.recorded) {
      planned[id] = this.written(id);
    }
    return planned;
  }

  private async generated(system: PreparedSystem): Promise<PlannedSystem> {
    const model = modelOf(this.models, system.spec.model);
    const known = new Map<string, AnswerRecord>();
    let [cached, tooLong, failed, waiting, promptTokens, shared] = [0, 0, 0, 0, 0, Number.POSITIVE_INFINITY];
    let firstFailure: string | null = null;
    for (const sample of this.conversations.turns().flat()) {
      const stored = this.before.answers.get(`${system.spec.id}\0${sample.id}`);
      const item = await prepareItem(this.prepared, system, model, sample, this.conversations, known);
      if ("prompt" in item) {
        const tokens = item.prompt.ids.length;
        this.firstPrompt ??= { system: system.spec.id, sample: sample.id, prompt: item.prompt.prompt.text, tokens };
        promptTokens += tokens;
        shared = Math.min(shared, item.prompt.prefixLength);
      } else if (item.reason.code === "TURN_UNANSWERED") {
        waiting += 1;
      } else {
        tooLong += item.status === "skipped" ? 1 : 0;
        failed += item.status === "failed" ? 1 : 0;
        firstFailure ??= item.status === "failed" ? item.reason.message : null;
        promptTokens += item.promptTokens ?? 0;
      }
      if (stored !== undefined && stored.status !== "failed" && stored.key === item.key) {
        cached += 1;
        known.set(sample.id, stored);
      }
    }
    this.answered.set(system.spec.id, known);
    const items = this.prepared.selection.samples.length;
    const toGenerate = Math.max(0, items - cached - tooLong - failed);
    return {
      origin: "generated",
      items,
      cached,
      toDo: items - cached,
      tooLong,
      failed,
      firstFailure,
      waiting,
      promptTokens,
      sharedPromptTokens: Number.isFinite(shared) ? shared : 0,
      maxNewTokens: toGenerate * system.spec.decoding.maxTokens,
      seconds: this.secondsToAnswer(system.spec.id, toGenerate),
    };
  }

  /** Answers from a file: what the run folder does not hold yet is read in a moment. */
  private written(system: string): PlannedSystem {
    const { samples } = this.prepared.selection;
    const known = new Map<string, AnswerRecord>();
    for (const { id } of samples) {
      const stored = this.before.answers.get(`${system}\0${id}`);
      const text = this.prepared.written.get(system)?.bySample.get(id)?.text;
      if (stored?.status === "answered" && stored.imported !== undefined && stored.text === text) {
        known.set(id, stored);
      }
    }
    this.answered.set(system, known);
    return {
      origin: "answers",
      items: samples.length,
      cached: known.size,
      toDo: samples.length - known.size,
      tooLong: 0,
      failed: 0,
      firstFailure: null,
      waiting: 0,
      promptTokens: 0,
      sharedPromptTokens: 0,
      maxNewTokens: 0,
      seconds: 0,
    };
  }

  async shifts(): Promise<PlannedShift[]> {
    const planned: PlannedShift[] = [];
    for (const shift of shiftsOf(this.prepared, this.models)) {
      const cached = await this.comparedAlready(shift);
      const items = this.prepared.selection.samples.length;
      planned.push({
        answers: shift.answers,
        subject: shift.subject.spec.id,
        items,
        cached,
        toDo: items - cached,
        seconds: this.secondsToCompare(shift.id, items - cached),
      });
    }
    return planned;
  }

  private async comparedAlready(shift: Shift): Promise<number> {
    const answers = this.answered.get(shift.answers) ?? new Map<string, AnswerRecord>();
    let cached = 0;
    for (const sample of this.prepared.selection.samples) {
      const answer = answers.get(sample.id);
      const record = this.before.comparisons.get(`${shift.id}\0${sample.id}`);
      if (answer !== undefined && record !== undefined) {
        const { key } = await planComparison(this.prepared, shift, answer, sample, this.conversations, answers);
        cached += isCompared(record, key, this.before.scored) ? 1 : 0;
      }
    }
    return cached;
  }

  /** Mean time of an answer, of which `parallel` go on at once. */
  private secondsToAnswer(system: string, items: number): number | null {
    const took = [...this.before.answers.values()]
      .filter((record): record is AnsweredRecord => record.status === "answered" && record.system === system)
      .map(({ durationMs }) => durationMs);
    return estimate(took, items, this.prepared.loaded.experiment.parallel);
  }

  private secondsToCompare(shift: string, items: number): number | null {
    const took = [...this.before.comparisons.values()]
      .filter((record) => record.shift === shift)
      .flatMap(({ durationMs }) => durationMs ?? []);
    return estimate(took, items, 1);
  }
}

function estimate(tookMs: readonly number[], items: number, atOnce: number): number | null {
  if (items === 0) {
    return 0;
  }
  const mean = tookMs.reduce((sum, ms) => sum + ms, 0) / tookMs.length;
  return tookMs.length === 0 ? null : (mean * items) / atOnce / 1000;
}
