import { resolve } from "node:path";
import {
  type Json,
  type JsonObject,
  type Preparation,
  type Sample,
  type Strategy,
  UnshiftError,
  type Where,
} from "@unshift/contracts";
import type { Engine, OpenModel } from "@unshift/contracts/services";
import type { PluginRegistry, Registered } from "@unshift/core";
import { builtinModels } from "@unshift/tiny-models";
import YAML from "yaml";
import { cacheFolder } from "../cache-folder.js";
import { usageError } from "../output/failure.js";

/** What the prompt of a strategy costs before a question is asked. */
export interface PromptTokens {
  /** Options it was built with, beside the schema's defaults. */
  readonly options: JsonObject;
  /** Tokens of the prompt for an empty question, BOS included. */
  readonly tokens: number;
  /** Of these, the leading ones that all samples share. */
  readonly sharedTokens: number;
}

/** As the command line asks: `--model`, `--set option=value`. */
export interface PromptQuestion {
  readonly model: string;
  readonly set: readonly string[];
  readonly signal: AbortSignal;
}

const nothing: Sample = { id: "empty", messages: [{ role: "user", content: "" }], reference: [], tags: {} };

/**
 * Prompts of a strategy for an empty question, tokenised by a real model: with the options asked for, else one for each value
 * that the option schema names as built in. Throws what the strategy, the engine or the options' check throws.
 */
export async function promptTokens(
  registry: PluginRegistry,
  registered: Registered,
  asked: PromptQuestion,
): Promise<PromptTokens[]> {
  const variants = asked.set.length > 0 ? [chosenOptions(asked.set)] : builtinVariants(registry, registered);
  const strategies: { options: JsonObject; strategy: Strategy }[] = [];
  for (const options of variants) {
    strategies.push({ options, strategy: await created(registry, "strategies", registered.id, options, asked) });
  }
  const engine = await created<Engine>(registry, "engines", "llama", {}, asked);
  try {
    const model = await opened(engine, asked);
    const counted: PromptTokens[] = [];
    for (const { options, strategy } of strategies) {
      await strategy.prepare?.(model.view, preparation(asked.signal));
      const encoded = model.encode(await strategy.build(nothing, model.view));
      counted.push({ options, tokens: encoded.ids.length, sharedTokens: encoded.prefixLength });
    }
    return counted;
  } finally {
    await engine.dispose();
  }
}

/** `prompt=./x.txt` → `{ prompt: "./x.txt" }`; the value is read as YAML, as everywhere. */
function chosenOptions(set: readonly string[]): JsonObject {
  return Object.fromEntries(
    set.map((assignment): [string, Json] => {
      const equals = assignment.indexOf("=");
      if (equals <= 0) throw usageError(`--set takes option=value, found ${JSON.stringify(assignment)}`);
      try {
        return [assignment.slice(0, equals).trim(), YAML.parse(assignment.slice(equals + 1)) as Json];
      } catch (cause) {
        throw new UnshiftError("CONFIG_SYNTAX", `the value in --set ${assignment} is not valid YAML.`, { cause });
      }
    }),
  );
}

/** One variant for each built-in value of an option; the defaults alone where there is none. */
function builtinVariants(registry: PluginRegistry, registered: Registered): JsonObject[] {
  const schema = registered.contribution.options === undefined ? null : registry.optionsJsonSchema(registered);
  const properties = Object.entries((schema?.properties ?? {}) as Readonly<Record<string, JsonObject>>);
  const variants = properties.flatMap(([option, { examples }]) =>
    (Array.isArray(examples) ? (examples as readonly Json[]) : []).flatMap((value): JsonObject[] =>
      typeof value === "string" && value.startsWith("builtin:") ? [{ [option]: value }] : [],
    ),
  );
  return variants.length > 0 ? variants : [{}];
}

/** What a strategy may do before its first prompt, but for embedding a corpus: nobody expects that of an explanation. */
function preparation(signal: AbortSignal): Preparation {
  return {
    signal,
    cacheFolder: cacheFolder(process.env),
    embedder: () =>
      Promise.reject(
        new UnshiftError("EMBEDDING_UNSUPPORTED", "its prompts depend on an index that only a run builds", {
          hint: "`unshift render` shows the prompt of one sample of an experiment.",
        }),
      ),
    progress: () => undefined,
    note: () => undefined,
  };
}

function created<Thing>(
  registry: PluginRegistry,
  kind: "strategies" | "engines",
  use: string,
  options: JsonObject,
  asked: PromptQuestion,
): Promise<Thing> {
  const where = (): Where => ({ file: asked.set.length > 0 ? `--set ${asked.set.join(" --set ")}` : "command line" });
  const folder = process.cwd();
  return registry.create<Thing>(kind, { use, options, path: [use], folder }, where, {
    log: () => undefined,
    signal: asked.signal,
  });
}

async function opened(engine: Engine, { model, signal }: PromptQuestion): Promise<OpenModel> {
  const name = model.startsWith("builtin:") ? model.slice("builtin:".length) : null;
  const path = name === null ? resolve(model) : builtinModels[name as keyof typeof builtinModels];
  if (path === undefined) {
    const names = Object.keys(builtinModels).map((each) => `builtin:${each}`);
    throw usageError(`there is no embedded model ${JSON.stringify(model)}. There are: ${names.join(", ")}`);
  }
  const request = { name: "model", path, contextSize: null, gpuLayers: 0, chunkSize: null, threads: null };
  return engine.open({ ...request, numerics: "strict", sequences: 1 }, { signal });
}
