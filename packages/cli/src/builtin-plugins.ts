import { createRequire } from "node:module";
import { definePlugin, type Plugin, UnshiftError } from "@unshift/contracts";
import { version } from "./version.js";

const require = createRequire(import.meta.url);

/** A plugin with the version of the package that brings it. */
export interface BuiltinPlugin {
  readonly plugin: Plugin;
  readonly version: string;
}

/** Packages of third-party form that come with Unshift. */
const packages = [
  "@unshift/strategy-zero-shot",
  "@unshift/strategy-chat",
  "@unshift/strategy-urial",
  "@unshift/strategy-icl",
  "@unshift/strategy-retrieval-icl",
  "@unshift/dataset-builtin",
  "@unshift/dataset-files",
  "@unshift/dataset-hub",
  "@unshift/judge-reference",
  "@unshift/judge-refusal",
  "@unshift/judge-reward-model",
  "@unshift/judge-rubric",
  "@unshift/judge-engine-openai",
] as const;

/** The rooms of this workspace that are offered as contributions too, so that others can stand in for them. */
const rooms = definePlugin({
  name: "@unshift/cli",
  contract: "^1",
  engines: {
    llama: {
      summary: "llama.cpp through the native addon: CPU, CUDA, Metal, Vulkan",
      create: async () => (await import("@unshift/engine-llama")).createLlamaEngine(),
    },
  },
  judgeEngines: {
    local: {
      summary: "A model of the experiment under a strategy; schemas hold its answers to their form",
      options: {
        type: "object",
        required: ["model"],
        additionalProperties: false,
        properties: {
          model: { type: "string", minLength: 1, description: "Id of a model of the experiment." },
          strategy: {
            anyOf: [
              { type: "string", minLength: 1 },
              { type: "object", required: ["use"] },
            ],
            default: "chat",
            description: "How a request becomes a prompt: an id, or `use` with the strategy's options.",
          },
        },
      },
      example: { model: "aligned", strategy: "chat" },
      create: () => {
        throw new UnshiftError("INTERNAL", "a local judge engine is made by the run, which has its model open");
      },
    },
  },
  reporters: {
    html: {
      summary: "One offline HTML file",
      create: async () => (await import("@unshift/report")).createHtmlReporter(),
    },
  },
});

/** Everything that needs no `plugins:` line. */
export async function builtinPlugins(): Promise<BuiltinPlugin[]> {
  const loaded = await Promise.all(
    packages.map(async (name) => {
      const { default: plugin } = (await import(name)) as { readonly default: Plugin };
      return { plugin, version: versionOf(name) };
    }),
  );
  return [...loaded, { plugin: rooms, version }];
}

function versionOf(name: string): string {
  // The packages export only their entry, so the manifest is found beside it: dist/src/index.js → package.json.
  return (
    require(require.resolve(name).replace(/dist[\\/]src[\\/]index\.js$/, "package.json")) as {
      readonly version: string;
    }
  ).version;
}
