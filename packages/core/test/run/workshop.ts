import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  contribution,
  type Dataset,
  definePlugin,
  type Example,
  type JsonSchema,
  type Judge,
  type JudgeEngine,
  type PluginContext,
  type Sample,
  type Strategy,
} from "@unshift/contracts";
import type { Engine } from "@unshift/contracts/services";
import { createStore } from "@unshift/store";
import { createFakeEngine, type FakeEngine, type FakeEngineOptions } from "@unshift/testkit";
import type { ExecutionContext } from "ava";
import { loadExperiment } from "../../src/config/load-experiment.js";
import { loadPlugins } from "../../src/plugins/load-plugins.js";
import { silentEvents } from "../../src/run/run-events.js";
import type { RunServices } from "../../src/run/run-services.js";

export const samples: readonly Sample[] = [
  "what is rain",
  "name a colour",
  "how far is the moon",
  "who wrote it",
  "why",
].map((content, index) => ({
  id: `s${index}`,
  messages: [{ role: "user", content }],
  reference: index === 1 ? ["e"] : [],
  tags: { kind: [index % 2 === 0 ? "even" : "odd"] },
}));

export interface WorkshopOptions {
  readonly samples?: readonly Sample[];
  readonly engine?: FakeEngineOptions;
  /** Of the engine: how schemas limit what is sampled. */
  readonly schemaVersion?: string;
  readonly strategy?: Strategy;
  /** Gets what the host offers the strategy's factory. */
  readonly createStrategy?: (context: PluginContext) => Strategy | Promise<Strategy>;
  /** Train part of the dataset. */
  readonly examples?: readonly Example[];
  readonly judge?: Judge;
  readonly judgeEngine?: JudgeEngine;
  /** Changes of the experiment file. */
  readonly yaml?: (text: string) => string;
  readonly set?: readonly string[];
  readonly limit?: number;
  readonly signal?: AbortSignal;
  readonly onNote?: (message: string) => void;
  readonly onLog?: (level: "debug" | "info" | "warn", message: string) => void;
  /** Run folder below the workshop's own. */
  readonly output?: string;
}

const experimentText = `name: workshop
models:
  base: { path: ./base.gguf }
  aligned: { path: ./aligned.gguf }
dataset: memory
engine: fake
decoding: { maxTokens: 12 }
systems:
  aligned: { model: aligned, strategy: plain }
  zero-shot: { model: base, strategy: plain }
shifts:
  - { answers: aligned, subjects: [zero-shot] }
judges:
  - { use: letters }
report: { formats: [] }
`;

export const plainStrategy: Strategy = {
  build: (sample) => ({
    text: `Q: ${sample.messages.at(-1)?.content}\nA:`,
    parseSpecial: false,
    bos: "auto",
    staticChars: 3,
    stop: ["\n"],
    provenance: {},
  }),
};

const letterJudge: Judge = {
  version: "1",
  aspects: [{ id: "e", title: "e", min: 0, max: 1, meaning: "share of answers with the letter e" }],
  judge: ({ answer }) => ({ status: "scored", scores: { e: answer.text.includes("e") ? 1 : 0 } }),
};

/** A folder with an experiment on the fake engine and the real store. */
export async function workshop(t: ExecutionContext) {
  const folder = await mkdtemp(join(tmpdir(), "unshift-core-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));

  return {
    folder,
    async open(options: WorkshopOptions = {}) {
      const file = join(folder, "experiment.yaml");
      await writeFile(file, options.yaml?.(experimentText) ?? experimentText);
      const loaded = await loadExperiment(file, {
        set: options.set ?? [],
        limit: options.limit,
        output: join(folder, options.output ?? "run"),
        builtinModels: {},
        cwd: folder,
      });
      const engines: FakeEngine[] = [];
      const registry = await loadPlugins({
        builtin: [{ plugin: pluginOf(options, engines), version: "1.0.0" }],
        listed: loaded.experiment.plugins,
        where: (path) => loaded.where(path),
      });
      const services: RunServices = {
        registry,
        store: createStore(),
        events: { ...silentEvents, note: options.onNote ?? silentEvents.note },
        signal: options.signal ?? new AbortController().signal,
        builtinModels: {},
        cacheFolder: join(folder, "cache"),
        unshiftVersion: "0.0.0-test",
        machine: { cpu: "test" },
        now: () => new Date(0),
        log: options.onLog ?? (() => {}),
      };
      return { loaded, services, engines };
    },
  };
}

const keyed: JsonSchema<object> = {
  type: "object",
  properties: { apiKey: { type: "string", writeOnly: true }, region: { type: "string" } },
};
const anything: JsonSchema<object> = { type: "object", properties: { model: {}, strategy: {} } };

function pluginOf(options: WorkshopOptions, engines: FakeEngine[]) {
  return definePlugin({
    name: "@unshift/workshop",
    contract: "^1",
    engines: {
      fake: contribution<Engine, never>({
        summary: "fake",
        create: () => {
          const engine = createFakeEngine(options.engine ?? {});
          engines.push(engine);
          return options.schemaVersion === undefined
            ? engine
            : Object.assign(engine, { schemaVersion: options.schemaVersion });
        },
      }),
    },
    datasets: {
      memory: contribution<Dataset, never>({
        summary: "memory",
        create: () => ({
          samples: () => options.samples ?? samples,
          ...(options.examples === undefined ? {} : { examples: () => options.examples ?? [] }),
        }),
      }),
    },
    strategies: {
      plain: contribution<Strategy, never>({
        summary: "plain",
        create: (_options, context) => options.createStrategy?.(context) ?? options.strategy ?? plainStrategy,
      }),
    },
    ...(options.judgeEngine === undefined
      ? {
          judgeEngines: {
            local: contribution({
              summary: "local",
              options: anything,
              create: () => options.judgeEngine as JudgeEngine,
            }),
          },
        }
      : {
          judgeEngines: {
            oracle: contribution({
              summary: "oracle",
              options: keyed,
              create: () => options.judgeEngine as JudgeEngine,
            }),
          },
        }),
    judges: { letters: contribution<Judge, never>({ summary: "letters", create: () => options.judge ?? letterJudge }) },
  });
}
