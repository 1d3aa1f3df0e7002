import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { pluginRegistry, readExperiment } from "../packages/cli/dist/src/experiment-plugins.js";
import { runServices } from "../packages/cli/dist/src/run-services.js";
import { planExperiment, silentEvents } from "../packages/core/dist/src/index.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const commit = "c".repeat(40);
const lines = (...rows) => rows.map((row) => JSON.stringify(row)).join("\n");

/** What the guides' experiments name: files of these forms, small. */
const files = {
  "inst_1k_v4.txt": "# Instruction\n\nBe kind.\n\n# Query:\n```\nWhy?\n```\n\n# Answer:\n```\nHello! Because.\n```\n",
  "questions.jsonl": lines({ id: 1, instruction: "Who wrote Faust?" }, { id: 2, instruction: "Where is Rome?" }),
  "train.jsonl": lines(
    { instruction: "Who wrote Hamlet?", output: "Shakespeare." },
    { instruction: "Where is Paris?", output: "In France." },
    { instruction: "What is tin?", output: "A metal." },
  ),
  "examples.jsonl": lines(
    { instruction: "A?", output: "a" },
    { instruction: "B?", output: "b" },
    { instruction: "C?", output: "c" },
  ),
  "question.jsonl": lines({ question_id: 81, category: "writing", turns: ["Write.", "Shorter."] }),
  "chats.jsonl": lines({ id: "x", turns: ["Who?", "When?"] }),
};
const justEval = lines(
  { id: 0, instruction: "q", dataset: "lima", category: "regular", task: ["coding"], topic: ["stem"], difficulty: 1 },
  { id: 1, instruction: "p", dataset: "koala", category: "regular", task: ["math"], topic: ["stem"], difficulty: 1 },
  ...Array.from({ length: 9 }, (_, n) => ({
    id: n + 2,
    instruction: `x${n}`,
    dataset: "lima",
    category: "regular",
    task: ["math"],
    topic: [],
  })),
);
const pairs = lines(
  ...Array.from({ length: 5 }, (_, n) => ({
    id: n,
    prompt: `p${n}`,
    instruction: `q${n}`,
    output: `o${n}`,
    category: "a",
  })),
);

/** A hub that holds what the guides ask of it; models are the embedded one. */
async function guideHub(folder) {
  const model = join(root, "packages/tiny-models/tiny-base.gguf");
  const held = {
    "re-align/just-eval-instruct": { "test_all_with_tags.jsonl": justEval },
    "HuggingFaceH4/mt_bench_prompts": { "raw/question.jsonl": files["question.jsonl"] },
    "owner/name": { "main/test.jsonl": pairs, "main/train.jsonl": pairs.replaceAll('"q', '"other ') },
  };
  return {
    list: async ({ name }) => ({ commit, files: Object.keys(held[name] ?? {}) }),
    fetch: async ({ type, name }, file) => {
      if (type === "model") return { path: model, commit };
      const path = join(folder, `${name}-${file}`.replaceAll("/", "-"));
      await writeFile(path, held[name][file]);
      return { path, commit };
    },
  };
}

async function yamlBlocks(guide) {
  const text = await readFile(join(root, "docs/guides", guide), "utf8");
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map((found) => ({
    yaml: found[1],
    line: text.slice(0, found.index).split("\n").length + 1,
  }));
}

/** Plans an experiment as the command does, with the guides' hub. */
async function plan(path, folder) {
  const loaded = await readExperiment({ experiment: path, limit: 4, output: join(folder, "run") });
  const services = runServices(await pluginRegistry(loaded), { verbose: false, signal: new AbortController().signal });
  try {
    const hub = await guideHub(folder);
    return await planExperiment(loaded, { ...services, hub, events: silentEvents, cacheFolder: join(folder, "cache") });
  } finally {
    services.stop();
  }
}

const [methods] = await yamlBlocks("prompting-methods.md");

for (const [guide, least] of [
  ["prompting-methods.md", 7],
  ["hub.md", 7],
]) {
  test(`every experiment of ${guide} can be planned, and no prompt of it fails`, async (t) => {
    t.timeout(120_000);
    const folder = await mkdtemp(join(tmpdir(), "unshift-guides-"));
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await writeFile(join(folder, "methods.yaml"), methods.yaml);
    const blocks = await yamlBlocks(guide);
    t.true(blocks.length >= least, `${blocks.length} blocks`);
    for (const { yaml, line } of blocks) {
      const path = join(folder, `line-${line}.yaml`);
      const whole = /^name:/m.test(yaml);
      await writeFile(path, whole ? yaml : `extends: ./methods.yaml\n${yaml}`);
      const planned = await t.notThrowsAsync(plan(path, folder), `${guide}:${line}`);
      for (const [id, system] of Object.entries(planned?.systems ?? {})) {
        t.true(system.items > 0, `${guide}:${line}: ${id} has samples`);
        t.is(system.failed + system.tooLong, 0, `${guide}:${line}: every prompt of ${id} is built`);
      }
    }
  });
}
