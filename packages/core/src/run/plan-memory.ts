import { isUnshiftError, UnshiftError } from "@unshift/contracts";
import type { AvailableMemory, MemoryNeed, ModelRoles } from "@unshift/contracts/services";
import { isOpened } from "./fetch-models.js";
import { gigabytes } from "./gigabytes.js";
import { atModel, modelRequest, type Residency } from "./open-models.js";
import type { PreparedExperiment } from "./prepared-experiment.js";

/** What the models of an experiment take, what there is, and how they are kept therefore. */
export interface MemoryPlan {
  readonly residency: Residency;
  readonly models: Readonly<Record<string, MemoryNeed>>;
  /** Only devices of which the engine knows what is free. */
  readonly devices: readonly DevicePlan[];
  /** Why it will not fit, also one model at a time; null where it does. */
  readonly problem: string | null;
  /** What people should see: that models take turns, and why. */
  readonly note: string | null;
}

/** One device; `togetherBytes` and `sequentialBytes`: what is needed there with all models, or the largest alone. */
export interface DevicePlan extends AvailableMemory {
  readonly togetherBytes: number;
  readonly sequentialBytes: number;
}

/**
 * Estimates every model before one is loaded and decides who is in memory when. Faults of files and devices show here, at the place
 * that names them.
 *
 * @throws MODEL_…, DEVICE_NOT_FOUND, RPC_…
 */
export async function planMemory(prepared: PreparedExperiment): Promise<MemoryPlan> {
  const { loaded, engine } = prepared;
  const { experiment } = loaded;
  const models: Record<string, MemoryNeed> = {};
  for (const spec of experiment.models.filter(({ id }) => isOpened(prepared, id))) {
    try {
      models[spec.id] = await engine.estimate(modelRequest(experiment, spec), rolesOf(prepared, spec.id));
    } catch (error) {
      throw atModel(error, loaded.where(["models", spec.id, ...keyOfFault(error)]));
    }
  }
  const devices = ((await engine.available?.()) ?? []).map((available) => devicePlan(available, Object.values(models)));
  const short = (key: "togetherBytes" | "sequentialBytes") =>
    devices.filter((device) => device[key] > device.availableBytes);
  const { mode } = experiment.residency;
  if (mode === "sequential" && engine.compareInTurn === undefined) {
    throw new UnshiftError("CONFIG_INVALID", `the engine "${engine.identity}" cannot keep one model at a time`, {
      where: loaded.where(["residency"]),
      hint: "Leave `residency` out, or write `residency: together`.",
    });
  }
  const turns =
    mode === "sequential" || (mode === "auto" && canTakeTurns(prepared, models) && short("togetherBytes").length > 0);
  const lacking = short(turns ? "sequentialBytes" : "togetherBytes");
  return {
    residency: turns ? "sequential" : "together",
    models,
    devices,
    problem: lacking.length === 0 ? null : lacking.map((device) => problemOf(device, turns)).join("; "),
    note: turns && mode === "auto" ? noteOf(short("togetherBytes")) : null,
  };
}

/** The key of a model that a fault of its devices is about. */
function keyOfFault(error: unknown): string[] {
  if (!isUnshiftError(error)) return [];
  return error.code === "DEVICE_NOT_FOUND" ? ["devices"] : error.code.startsWith("RPC_") ? ["rpc"] : [];
}

/**
 * @throws MEMORY_TOO_SMALL with what is needed, what there is and what to change; with `memoryCheck: note` that is a note
 */
export function requireMemory(plan: MemoryPlan, { loaded }: PreparedExperiment): string[] {
  const notes = plan.note === null ? [] : [plan.note];
  if (plan.problem === null) {
    return notes;
  }
  if (loaded.experiment.memoryCheck === "note") {
    return [...notes, `memory: ${plan.problem}; tried all the same (\`memoryCheck: note\`)`];
  }
  const each = Object.entries(plan.models).map(
    ([id, need]) => `${id} ${gigabytes(need.weightsBytes)} of weights and ${gigabytes(need.contextBytes)} of contexts`,
  );
  throw new UnshiftError("MEMORY_TOO_SMALL", `${plan.problem} (${each.join("; ")})`, {
    where: loaded.where(["models"]),
    hint: hintOf(plan),
  });
}

function hintOf({ residency, devices }: MemoryPlan): string {
  const turns = residency === "together" && devices.every((device) => device.sequentialBytes <= device.availableBytes);
  return [
    turns ? "Write `residency: sequential`: one model at a time fits." : null,
    "A smaller `contextSize` or `parallel`, files of fewer bits, other `gpuLayers`, or `rpc` servers take less.",
    "`memoryCheck: note` tries it all the same.",
  ]
    .filter((part) => part !== null)
    .join(" ");
}

function problemOf(
  { device, source, availableBytes, togetherBytes, sequentialBytes }: DevicePlan,
  turns: boolean,
): string {
  const who = turns ? "the largest model alone needs" : "the models need";
  const needed = gigabytes(turns ? sequentialBytes : togetherBytes);
  return `${who} ${needed} of ${nameOf(device)}; there are ${gigabytes(availableBytes)} (${source})`;
}

function noteOf(devices: readonly DevicePlan[]): string {
  const reasons = devices.map(
    ({ device, togetherBytes, availableBytes }) =>
      `both need ${gigabytes(togetherBytes)} of ${nameOf(device)}, there are ${gigabytes(availableBytes)}`,
  );
  return `models take turns in memory: ${reasons.join("; ")}`;
}

function nameOf(device: string): string {
  return device === "CPU" ? "this machine's memory" : `device ${device}`;
}

function devicePlan(available: AvailableMemory, needs: readonly MemoryNeed[]): DevicePlan {
  const sizes = needs.map(({ devices }) => {
    const need = devices.find(({ device }) => device === available.device);
    return need === undefined ? 0 : need.weightsBytes + need.contextBytes;
  });
  return {
    ...available,
    togetherBytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    sequentialBytes: Math.max(0, ...sizes),
  };
}

function canTakeTurns({ engine }: PreparedExperiment, models: MemoryPlan["models"]): boolean {
  return engine.compareInTurn !== undefined && Object.keys(models).length > 1;
}

/** Each role is a context of its own: what a model never does takes no memory. */
function rolesOf(prepared: PreparedExperiment, model: string): ModelRoles {
  const of = (system: string) => prepared.systems.find(({ spec }) => spec.id === system)?.spec.model === model;
  return {
    generates:
      prepared.systems.some(({ spec }) => spec.model === model && spec.answers === null) ||
      prepared.judgeEngines.some((engine) => "model" in engine && engine.model === model),
    reference: prepared.shifts.some(({ answers }) => of(answers)),
    subject: prepared.shifts.some(({ subjects }) => subjects.some(of)),
  };
}
