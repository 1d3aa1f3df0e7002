import type { Dataset } from "./dataset.js";
import type { Example } from "./example.js";
import type { HubFiles } from "./hub-files.js";
import type { JsonObject } from "./json.js";
import type { Judge } from "./judge.js";
import type { JudgeEngine } from "./judge-engine.js";
import type { OptionSchema } from "./option-schema.js";
import type { Analysis } from "./services/analysis.js";
import type { Engine } from "./services/engine.js";
import type { Reporter } from "./services/reporter.js";
import type { Strategy } from "./strategy.js";

/** Version of this contract. A plugin states the range it was written for; another major is refused. */
export const contractVersion = "1.0.0";

/** What a factory gets besides its options. */
export interface PluginContext {
  /** Resolves a path given in options against the folder of the file that names it. */
  resolvePath(path: string): string;
  /** A line for the run's log; never for standard output. */
  log(level: "debug" | "info" | "warn", message: string): void;
  readonly signal: AbortSignal;
  /** The Hugging Face hub, where the host offers it: the command line does, a test may not. */
  readonly hub?: HubFiles | undefined;
  /**
   * Questions with answers of a dataset's train part: of the experiment's own (`dataset`), or of any contribution by its id and
   * options. Absent where the host has no datasets (a test). Throws EXAMPLES_NONE, DATASET_….
   */
  readonly examples?:
    | ((
        source: "dataset" | { readonly use: string; readonly options: JsonObject },
      ) => Promise<{ readonly examples: AsyncIterable<Example>; readonly provenance: JsonObject }>)
    | undefined;
}

/**
 * One thing a plugin offers. `create` runs once a run, after its options were checked against `options`; a contribution
 * without an option schema takes no options.
 */
export interface Contribution<Thing, Options = never> {
  /** One sentence for `unshift list`. */
  readonly summary: string;
  readonly options?: OptionSchema<Options>;
  /** Example options for `unshift explain`; checked against the schema by the contract tests. */
  readonly example?: Options;
  create(options: Options, context: PluginContext): Thing | Promise<Thing>;
}

// A registry of contributions cannot name each one's options; `contribution` below checks them where they are written.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyContribution<Thing> = Contribution<Thing, any>;

/** A plugin is a value: importing one has no effect. */
export interface Plugin {
  /** npm name of the package. */
  readonly name: string;
  /** Range of {@link contractVersion} it was written for: `^1`. */
  readonly contract: string;
  /** Id → contribution. Ids of third parties carry their namespace: `acme/urial`. */
  readonly strategies?: Readonly<Record<string, AnyContribution<Strategy>>>;
  readonly datasets?: Readonly<Record<string, AnyContribution<Dataset>>>;
  readonly judges?: Readonly<Record<string, AnyContribution<Judge>>>;
  readonly judgeEngines?: Readonly<Record<string, AnyContribution<JudgeEngine>>>;
  readonly analyses?: Readonly<Record<string, AnyContribution<Analysis>>>;
  readonly engines?: Readonly<Record<string, AnyContribution<Engine>>>;
  readonly reporters?: Readonly<Record<string, AnyContribution<Reporter>>>;
}

/** Kinds of contribution by the key they stand under in a plugin. */
export const pluginKinds = [
  "strategies",
  "datasets",
  "judges",
  "judgeEngines",
  "analyses",
  "engines",
  "reporters",
] as const;
export type PluginKind = (typeof pluginKinds)[number];

/** Types a plugin without changing it. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}

/** Types one contribution: its options are inferred from its schema. */
export function contribution<Thing, Options>(value: Contribution<Thing, Options>): Contribution<Thing, Options> {
  return value;
}
