import { basename, extname, join } from "node:path";
import { batchShare, type Json, type JsonObject } from "@unshift/contracts";
import type { Decoding } from "@unshift/contracts/services";
import { type ConfigNode, nodeAt, originAt, stringsOf } from "./config-node.js";
import { laidOver } from "./decoding-presets.js";
import type { AnswersFile, ConfigPath, Experiment, ModelSpec, RecordedSpec, SystemSpec, Use } from "./experiment.js";
import type { ExperimentInput } from "./experiment-schema.js";
import { modelSource } from "./model-source.js";
import { ownKeys } from "./option-places.js";
import { resolvePath } from "./resolve-path.js";

const defaultDecoding: Decoding = {
  maxTokens: 256,
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 0,
};

interface Surroundings {
  readonly root: ConfigNode;
  readonly file: string;
  readonly cwd: string;
  readonly builtinModels: Readonly<Record<string, string>>;
}

/** Gives everything its value. Shape and references were checked before. */
export function resolveExperiment(input: ExperimentInput, around: Surroundings): Experiment {
  const { root, file, cwd } = around;
  const folder = (path: ConfigPath) => originOfValue(root, path);
  const name = input.name ?? nameOf(file);
  const decoding = laidOver(defaultDecoding, input.decoding);
  const use = (written: WrittenUse, path: ConfigPath, own: readonly string[]) => useOf(root, written, path, own);
  const systems = Object.entries(input.systems);
  const answersOf = (id: string, source: string | null | undefined): AnswersFile | null => {
    const at: ConfigPath = ["systems", id, "answers"];
    return source == null ? null : { source, path: resolvePath(folder(at), source), at };
  };
  return {
    name,
    output: input.output === undefined ? join(cwd, "runs", name) : resolvePath(folder(["output"]), input.output),
    plugins: (input.plugins ?? []).map((plugin, index) => ({
      name: plugin,
      path: ["plugins", index],
      folder: folder(["plugins", index]),
    })),
    models: Object.entries(input.models).map(([id, model]) =>
      modelOf(id, model, folder(["models", id, "path"]), around),
    ),
    dataset: {
      ...use(input.dataset, ["dataset"], ownKeys.datasets),
      limit: input.dataset.limit ?? null,
      seed: input.dataset.seed ?? null,
      ids: input.dataset.ids?.map(String) ?? null,
      where: wantedTags(input.dataset.where),
    },
    systems: systems.flatMap(([id, system]): SystemSpec[] => {
      if (system.model === undefined || system.strategy === undefined) return [];
      return [
        {
          id,
          model: system.model,
          answers: answersOf(id, system.answers),
          strategy: use(system.strategy, ["systems", id, "strategy"], ownKeys.strategies),
          decoding: laidOver(decoding, system.decoding),
        },
      ];
    }),
    recorded: systems.flatMap(([id, system]): RecordedSpec[] => {
      const answers = system.model === undefined ? answersOf(id, system.answers) : null;
      return answers === null ? [] : [{ id, answers, tokenizer: tokenizerOf(id, input) }];
    }),
    shifts: input.shifts ?? [],
    judges: (input.judges ?? []).map((judge, index) => ({
      ...use(judge, ["judges", index], ownKeys.judges),
      id: judge.id ?? judge.use,
      engine: judge.engine ?? null,
      pairs: judge.pairs?.map(([answer, against]) => [answer, against] as const) ?? null,
      repeat: judge.repeat ?? 1,
      maxUnparsed: judge.maxUnparsed ?? 10,
      maxFailed: judge.maxFailed ?? 10,
    })),
    judgeEngines: Object.entries(input.judgeEngines ?? {}).map(([id, written]) => ({
      ...use(written, ["judgeEngines", id], ownKeys.judgeEngines),
      id,
      budget: { tokens: written.budget?.tokens ?? null, money: written.budget?.money ?? null },
      prices: written.prices === undefined ? null : { ...written.prices, batch: written.prices.batch ?? batchShare },
    })),
    analyses: (input.analyses ?? []).map((analysis, index) => use(analysis, ["analyses", index], ownKeys.analyses)),
    report: { formats: input.report?.formats ?? ["html"] },
    engine: use(input.engine ?? { use: "llama" }, ["engine"], ownKeys.engines),
    numerics: input.numerics ?? "strict",
    residency: {
      mode: input.residency?.mode ?? "auto",
      diskBytes: input.residency?.diskGb === undefined ? null : Math.floor(input.residency.diskGb * 1e9),
      rows: input.residency?.rows ?? "f32",
    },
    memoryCheck: input.memoryCheck ?? "refuse",
    topK: input.topK ?? 10,
    maxFailures: input.maxFailures ?? null,
    parallel: input.parallel ?? 4,
    seed: input.seed ?? 7,
  };
}

/** Answers without a model are read in the vocabulary of the first system that reads them. */
function tokenizerOf(id: string, input: ExperimentInput): string | null {
  const subject = input.shifts?.find(({ answers }) => answers === id)?.subjects[0];
  return (subject === undefined ? undefined : input.systems[subject]?.model) ?? null;
}

function wantedTags(written: ExperimentInput["dataset"]["where"]): Record<string, string[]> | null {
  if (written === undefined || written === null) return null;
  return Object.fromEntries(Object.entries(written).map(([tag, value]) => [tag, [value].flat().map(String)]));
}

type WrittenUse = { readonly use: string } & Readonly<Record<string, unknown>>;

function useOf(root: ConfigNode, written: WrittenUse, path: ConfigPath, own: readonly string[]): Use {
  const options = Object.fromEntries(Object.entries(written).filter(([key]) => !own.includes(key))) as Record<
    string,
    Json
  >;
  const folder = originOfValue(root, [...path, "use"]);
  const folders = foldersOfOptions(nodeAt(root, path), own, folder);
  return { use: written.use, options, path, folder, ...(Object.keys(folders).length === 0 ? {} : { folders }) };
}

/** Strings of options that another file than the one which wrote `use` wrote, by their text. */
function foldersOfOptions(
  node: ConfigNode | undefined,
  own: readonly string[],
  folder: string,
): Record<string, string> {
  const folders: Record<string, string> = {};
  if (node === undefined) return folders;
  for (const found of stringsOf(node)) {
    if (found.folder !== folder && !own.includes(String(found.path[0]))) folders[found.value] = found.folder;
  }
  return folders;
}

function modelOf(
  id: string,
  model: ExperimentInput["models"][string],
  folder: string,
  around: Surroundings,
): ModelSpec {
  const source = modelSource(model.path, folder, around.builtinModels);
  return {
    id,
    source: model.path,
    path: "path" in source ? source.path : model.path,
    contextSize: model.contextSize ?? null,
    gpuLayers: model.gpuLayers ?? null,
    placement: {
      devices: model.devices ?? null,
      rpc: model.rpc ?? [],
      tensorSplit: model.tensorSplit ?? null,
      splitMode: model.splitMode ?? null,
      mainGpu: model.mainGpu ?? null,
      mmap: model.mmap ?? null,
    },
    chunkSize: model.chunkSize ?? null,
    threads: model.threads ?? null,
  };
}

/** Folder of whoever wrote the value: a short form's key stands elsewhere only in the same file. */
function originOfValue(root: ConfigNode, path: ConfigPath): string {
  return (nodeAt(root, path)?.origin ?? originAt(root, path)).folder;
}

/** `my study.yaml` → `my-study`. */
function nameOf(file: string): string {
  const name = basename(file, extname(file))
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "");
  return name === "" ? "experiment" : name;
}

/** Freezes a value and everything below it. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value as JsonObject)) deepFreeze(child);
  }
  return value;
}
