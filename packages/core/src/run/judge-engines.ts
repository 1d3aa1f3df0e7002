import { type JudgeEngine, type Strategy, UnshiftError } from "@unshift/contracts";
import type { ReplyRecord, RunStore } from "@unshift/contracts/services";
import type { JudgeEngineSpec, Use } from "../config/experiment.js";
import { Asking } from "./asking.js";
import type { Ledgers } from "./ledgers.js";
import { LocalJudgeEngine } from "./local-judge-engine.js";
import { modelOf, type OpenModels } from "./open-models.js";
import type { PreparedExperiment } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";

/** The judge engine that is a model of the experiment under a strategy: `use: local`. */
export const localJudgeEngine = "local";

/** A judge engine with what it is made of; of a local one only the strategy, as its model opens later. */
export type PreparedJudgeEngine = { readonly spec: JudgeEngineSpec } & (
  | { readonly engine: JudgeEngine }
  | { readonly model: string; readonly strategy: Strategy }
);

/** What of the run folder judge engines know: replies so far, and what they wrote down for a later sitting. */
export interface JudgeMemory {
  readonly replies: readonly ReplyRecord[];
  /** null: nothing new is asked. */
  readonly ledgers: Ledgers | null;
}

/** Judge engines by id. */
export type JudgeEngines = ReadonlyMap<string, JudgeEngine>;

/** Opens those that are models of the experiment; from now on every engine has an identity. */
export async function openJudgeEngines(prepared: PreparedExperiment, models: OpenModels): Promise<JudgeEngines> {
  const opened = new Map<string, JudgeEngine>();
  for (const judgeEngine of prepared.judgeEngines) {
    opened.set(judgeEngine.spec.id, await open(prepared, judgeEngine, models));
  }
  return opened;
}

/** Judge engines by id, ready to be asked. */
export function askings(
  { judgeEngines }: PreparedExperiment,
  engines: JudgeEngines,
  { replies, ledgers }: JudgeMemory,
  store: RunStore,
  { events, signal }: RunServices,
): Map<string, Asking> {
  const opened = new Map<string, Asking>();
  for (const { spec } of judgeEngines) {
    const { id } = spec;
    const engine = engines.get(id);
    if (engine === undefined) {
      continue;
    }
    const keeping = ledgers === null ? null : { store, ledger: ledgers.of(engine.identity), events };
    if (engine.askMany === undefined && keeping !== null && keeping.ledger.entries.size > 0) {
      events.note(
        `judge engine "${id}" asks one by one now; what an earlier sitting sent in batches and did not read is asked and paid again`,
      );
    }
    opened.set(id, new Asking(spec, engine, replies, keeping, signal));
  }
  return opened;
}

async function open(
  prepared: PreparedExperiment,
  judgeEngine: PreparedJudgeEngine,
  models: OpenModels,
): Promise<JudgeEngine> {
  if ("engine" in judgeEngine) {
    return judgeEngine.engine;
  }
  const { spec, model, strategy } = judgeEngine;
  return LocalJudgeEngine.open(prepared.engine, modelOf(models, model), strategy, spec.options);
}

/** The strategy a local judge engine writes its prompts by: `strategy`, an id or `use` with options; default chat. */
export function localStrategy(spec: JudgeEngineSpec): Use {
  const { strategy } = spec.options;
  const path = [...spec.path, "strategy"];
  const around = { path, folder: spec.folder, ...(spec.folders === undefined ? {} : { folders: spec.folders }) };
  if (strategy === undefined || typeof strategy === "string") {
    return { use: strategy ?? "chat", options: {}, ...around };
  }
  if (
    strategy === null ||
    typeof strategy !== "object" ||
    !("use" in strategy) ||
    typeof strategy["use"] !== "string"
  ) {
    throw new UnshiftError(
      "CONFIG_INVALID",
      `judge engine "${spec.id}": \`strategy\` is the id of a strategy, or \`use\` with its options`,
    );
  }
  const { use, ...options } = strategy;
  return { use, options, ...around };
}

/** The model a local judge engine names. Throws CONFIG_UNKNOWN_REFERENCE, CONFIG_INVALID. */
export function localModel(spec: JudgeEngineSpec, models: readonly string[]): string {
  const { model } = spec.options;
  if (typeof model === "string" && models.includes(model)) {
    return model;
  }
  throw new UnshiftError(
    "CONFIG_UNKNOWN_REFERENCE",
    `judge engine "${spec.id}": \`model\` must name a model of the experiment, found ${JSON.stringify(model ?? null)}. Models: ${models.join(", ")}`,
  );
}
