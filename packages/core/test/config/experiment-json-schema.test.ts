import type { JsonObject, Plugin } from "@unshift/contracts";
import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import { parse } from "yaml";
import { z } from "zod";
import { experimentJsonSchema } from "../../src/config/experiment-json-schema.js";
import { loadPlugins } from "../../src/plugins/load-plugins.js";
import { smallest } from "./load.js";

const built = () => Promise.reject(new Error("unused"));
const plugin: Plugin = {
  name: "@unshift/all",
  contract: "^1",
  strategies: {
    chat: { summary: "Chat template.", create: built },
    "zero-shot": { summary: "Zero-shot.", create: built },
    icl: { summary: "Examples.", options: z.strictObject({ k: z.int().min(1) }), create: built },
  },
  datasets: {
    builtin: { summary: "Built in.", create: built },
    files: {
      summary: "Files.",
      options: {
        type: "object",
        properties: { path: { $ref: "#/$defs/path" } },
        required: ["path"],
        $defs: { path: { type: "string", minLength: 1 } },
      },
      create: built,
    },
  },
  judges: { reference: { summary: "Facts.", create: built } },
  engines: {
    llama: {
      summary: "llama.cpp.",
      options: { type: "object", properties: { mmap: { type: "boolean" } } },
      create: built,
    },
  },
};

async function validator(withRegistry: boolean): Promise<(text: string) => boolean> {
  const registry = withRegistry ? await loadPlugins({ builtin: [{ plugin, version: "1.0.0" }] }) : undefined;
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(experimentJsonSchema(registry));
  return (text) => validate(parse(text));
}

const full = `${smallest}  icl: { model: base, strategy: { use: icl, k: 3 }, decoding: { temperature: 0.5 } }
judges: [reference, { use: reference, id: again }]
engine: { use: llama, mmap: true }
shifts: [{ answers: icl, subjects: [zero-shot] }]
`;

const judged: readonly (readonly [what: string, text: string, withRegistry: boolean, without: boolean])[] = [
  ["the smallest", smallest, true, true],
  ["short and long forms", full, true, true],
  ["a model as its path", smallest.replace('{ path: "builtin:tiny-base" }', "./x.gguf"), true, true],
  ["a part, over another file", "extends: ./base.yaml\nsystems: { icl: { strategy: { k: 8 } } }\n", true, true],
  [
    "the experiment's own keys beside a dataset's",
    smallest.replace("builtin\n", "{ use: files, path: q.jsonl, limit: 3 }\n"),
    true,
    true,
  ],
  [
    "an option of the wrong type, behind a reference",
    smallest.replace("builtin\n", "{ use: files, path: 3 }\n"),
    false,
    true,
  ],
  [
    "decoding by a preset, short and long",
    `${full.replace("{ temperature: 0.5 }", "paper-base")}decoding: { preset: urial-bench, maxTokens: 5 }\n`,
    true,
    true,
  ],
  ["a preset that is none", `${smallest}decoding: paper-bse\n`, false, false],
  ["nothing", "name: a\n", false, false],
  ["an unknown key", `${smallest}topk: 3\n`, false, false],
  ["an unknown strategy", smallest.replace("strategy: zero-shot", "strategy: zeroshot"), false, true],
  ["an unknown option", full.replace("k: 3", "kk: 3"), false, true],
  ["an option out of range", full.replace("k: 3", "k: 0"), false, true],
  [
    "options for something that takes none",
    smallest.replace("strategy: zero-shot", "strategy: { use: chat, k: 3 }"),
    false,
    true,
  ],
  ["a judge without `use`", `${smallest}judges: [{ id: a }]\n`, false, false],
  ["a kind that nobody offers", `${smallest}analyses: [curves]\n`, false, true],
];
for (const [what, text, withRegistry, without] of judged) {
  test(`the schema ${withRegistry ? "takes" : "refuses"} ${what}`, async (t) => {
    t.is((await validator(true))(text), withRegistry);
    t.is((await validator(false))(text), without);
  });
}

test("every key has a sentence", async (t) => {
  const registry = await loadPlugins({
    builtin: [{ plugin: { ...plugin, datasets: {}, engines: {}, strategies: {} }, version: "1.0.0" }],
  });
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    if ("properties" in value) {
      for (const [key, schema] of Object.entries(value.properties as JsonObject)) {
        t.is(typeof (schema as JsonObject).description, "string", `${path}.${key}`);
      }
    }
    for (const [key, child] of Object.entries(value)) visit(child, `${path}.${key}`);
  };
  visit(experimentJsonSchema(), "experiment");
  visit(experimentJsonSchema(registry), "experiment");
});
