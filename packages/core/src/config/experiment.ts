import type { JsonObject, TokenPrices, Where } from "@unshift/contracts";
import type { Decoding, Numerics, Placement, WaitingRows } from "@unshift/contracts/services";

/** A path inside the experiment: `["systems", "urial", "strategy", "prompt"]`. */
export type ConfigPath = readonly (string | number)[];

/** `use: name` with the options that stand beside it. `strategy: chat` is short for `strategy: { use: chat }`. */
export interface Use {
  readonly use: string;
  /** Not yet checked: each plugin's own schema does that. */
  readonly options: JsonObject;
  /** Where it stands, for errors. */
  readonly path: ConfigPath;
  /** Folder of the file that wrote it: paths in options are relative to it. */
  readonly folder: string;
  /** Options that another file wrote (through `extends` or `--set`): their text → folder it is relative to. */
  readonly folders?: Readonly<Record<string, string>>;
}

/** Where on the Hugging Face hub a model came from. */
export interface ModelOrigin {
  readonly repo: string;
  /** As written, or `main`. */
  readonly revision: string;
  /** What the revision stood for. */
  readonly commit: string;
  /** All parts of a split model, else one. */
  readonly files: readonly string[];
}

export interface ModelSpec {
  readonly id: string;
  /** As written: `builtin:tiny-base`, `./x.gguf`, `hf:owner/repo/file.gguf`. */
  readonly source: string;
  /** Absolute path of the file; of a model on the hub, what was written until it is fetched. */
  readonly path: string;
  /** Present once a model of the hub is fetched. */
  readonly origin?: ModelOrigin;
  readonly contextSize: number | null;
  readonly gpuLayers: number | null;
  readonly placement: Placement;
  readonly chunkSize: number | null;
  readonly threads: number | null;
}

/** Which models are in memory at the same time. */
export interface ResidencySpec {
  /** `auto`: one at a time where both do not fit. */
  readonly mode: "auto" | "together" | "sequential";
  /** Most bytes of logits that wait on disk; null: 16 · 10⁹, and never more than half of what is free. */
  readonly diskBytes: number | null;
  readonly rows: WaitingRows["precision"];
}

export interface DatasetSpec extends Use {
  /** Keep the first n after sampling; null: all. */
  readonly limit: number | null;
  /** Seed of the sampling; null: dataset order. */
  readonly seed: number | null;
  /** Only these ids, in this order; null: all. */
  readonly ids: readonly string[] | null;
  /** Tag → values: only samples with one of the values under each tag; null: all. */
  readonly where: Readonly<Record<string, readonly string[]>> | null;
}

export interface SystemSpec {
  readonly id: string;
  /** Id of a model. */
  readonly model: string;
  readonly strategy: Use;
  /** Answers made elsewhere by this model under this strategy, read from a file; null: generated here. */
  readonly answers: AnswersFile | null;
  /** The experiment's decoding with the system's own over it. */
  readonly decoding: Decoding;
}

/** A file of answers made elsewhere (`unshift import` writes one). */
export interface AnswersFile {
  /** As written. */
  readonly source: string;
  /** Absolute path. */
  readonly path: string;
  /** Where it stands, for errors. */
  readonly at: ConfigPath;
}

/** A system without a model: only its answers are known. Written as `systems: { gpt-4: { answers: ./gpt-4.jsonl } }`. */
export interface RecordedSpec {
  readonly id: string;
  readonly answers: AnswersFile;
  /** Id of the model whose vocabulary the answers are tokenised with: the first subject's; null where no shift reads them. */
  readonly tokenizer: string | null;
}

export interface ShiftSpec {
  /** System whose answers are compared; its model is the reference. */
  readonly answers: string;
  readonly subjects: readonly string[];
}

export interface JudgeSpec extends Use {
  /** Name in tables; defaults to `use`. */
  readonly id: string;
  /** Id of the judge engine that answers its requests; null for a judge that asks nobody. */
  readonly engine: string | null;
  /** Pairs of systems a judge of pairs compares; null: every two. */
  readonly pairs: readonly (readonly [string, string])[] | null;
  /** How often every item is judged. */
  readonly repeat: number;
  /** Replies in a row that cannot be read for the same reason before judging stops. */
  readonly maxUnparsed: number;
  /** Items in a row whose requests fail in the same way before judging stops. */
  readonly maxFailed: number;
}

/** What answers the requests of judges: `use: local` is a model of the experiment, anything else a plugin's contribution. */
export interface JudgeEngineSpec extends Use {
  readonly id: string;
  /** Most that all sittings of the run may spend; null: no limit. Money in the currency of `prices`. */
  readonly budget: { readonly tokens: number | null; readonly money: number | null };
  /** Price of a million tokens, where the plugin knows none. */
  readonly prices: TokenPrices | null;
}

/** An experiment, resolved and frozen: everything has a value, names refer to something that exists. */
export interface Experiment {
  readonly name: string;
  /** Absolute path of the run folder: `output`, or `runs/<name>` beside the working directory. */
  readonly output: string;
  readonly plugins: readonly { readonly name: string; readonly path: ConfigPath; readonly folder: string }[];
  readonly models: readonly ModelSpec[];
  readonly dataset: DatasetSpec;
  readonly systems: readonly SystemSpec[];
  readonly recorded: readonly RecordedSpec[];
  readonly shifts: readonly ShiftSpec[];
  readonly judges: readonly JudgeSpec[];
  readonly judgeEngines: readonly JudgeEngineSpec[];
  readonly analyses: readonly Use[];
  readonly report: { readonly formats: readonly string[] };
  readonly engine: Use;
  readonly numerics: Numerics;
  readonly residency: ResidencySpec;
  /** Whether a run that will not fit into memory is refused or only noted. */
  readonly memoryCheck: "refuse" | "note";
  /** k of the stored top-k lists. */
  readonly topK: number;
  /** The run stops once more items of a stage have failed; null: it goes on whatever fails. */
  readonly maxFailures: number | null;
  /** Answers generated at the same time. */
  readonly parallel: number;
  /** Seed of bootstrap and permutation. */
  readonly seed: number;
}

/** An experiment with what errors and manifests need of its file. */
export interface LoadedExperiment {
  readonly experiment: Experiment;
  /** Absolute path of the YAML file. */
  readonly file: string;
  /** The file as written. */
  readonly text: string;
  /** Line and column of a path, or of its nearest written ancestor. */
  where(path: ConfigPath): Where;
}

export interface LoadOptions {
  /** `systems.urial.decoding.temperature=0.5`; the value is read as YAML. */
  readonly set?: readonly string[];
  readonly limit?: number | undefined;
  /** Only these samples, in this order: replaces the file's `dataset.ids` and, unless `limit` is given, its `dataset.limit`. */
  readonly samples?: readonly string[] | undefined;
  readonly output?: string | undefined;
  /** Embedded models by the name after `builtin:`. */
  readonly builtinModels: Readonly<Record<string, string>>;
  readonly cwd: string;
}
