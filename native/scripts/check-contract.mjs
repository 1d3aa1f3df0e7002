/**
 * Compares what index.d.ts declares with what the addon exports: `node native/scripts/check-contract.mjs`.
 *
 * Functions and the namespace's functions must be the module's exports, the members of Model, Context, LogitsStream, Embedder and Ranker those of the
 * classes' prototypes; nothing may be missing on either side.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const native = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The text between the braces that open after `start`. @param {string} text @param {number} start */
function bodyAt(text, start) {
  const open = text.indexOf("{", start);
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return text.slice(open + 1, i);
  }
  throw new Error("index.d.ts has an unbalanced brace.");
}

/** Names declared at the top of an interface's body. @param {string} body */
function memberNames(body) {
  const names = [];
  let depth = 0;
  for (const line of body.split("\n")) {
    if (depth === 0) {
      const member = /^\s*(?:readonly\s+)?(\w+)\??\s*[(:]/.exec(line);
      if (member?.[1]) names.push(member[1]);
    }
    for (const c of line) {
      if ("{(<".includes(c)) depth++;
      else if ("})".includes(c)) depth--;
      else if (c === ">" && !line.includes("=>")) depth--;
    }
    if (line.includes("=>")) depth = 0;
  }
  return names;
}

/** What index.d.ts declares, by place. */
export function declared() {
  const text = readFileSync(join(native, "index.d.ts"), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const interfaceBody = (/** @type {string} */ name) =>
    bodyAt(text, text.search(new RegExp(`export interface ${name}\\b`)));
  return {
    module: [
      ...[...text.matchAll(/^export function (\w+)/gm)].map((match) => match[1]),
      ...[...text.matchAll(/^export namespace (\w+)/gm)].map((match) => match[1]),
    ],
    kernels: [...bodyAt(text, text.indexOf("export namespace kernels")).matchAll(/function (\w+)/g)].map(
      (match) => match[1],
    ),
    Model: memberNames(interfaceBody("Model")),
    Context: memberNames(interfaceBody("Context")),
    LogitsStream: memberNames(interfaceBody("LogitsStream")),
    Embedder: memberNames(interfaceBody("Embedder")),
    Ranker: memberNames(interfaceBody("Ranker")),
  };
}

/**
 * Differences as sentences; none when the two agree.
 * @param {Record<string, unknown>} addon @param {object} model an opened Model @param {object} context one of its contexts
 * @param {object} stream one of its streams of logits @param {object} embedder one of its embedders
 * @param {object} ranker one of a model with a classifier head
 */
export function contractDifferences(addon, model, context, stream, embedder, ranker) {
  const want = declared();
  const members = (/** @type {object} */ object) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter((name) => name !== "constructor");
  const have = {
    module: Object.keys(addon),
    kernels: Object.keys(/** @type {object} */ (addon["kernels"])),
    Model: members(model),
    Context: members(context),
    LogitsStream: members(stream),
    Embedder: members(embedder),
    Ranker: members(ranker),
  };
  const differences = [];
  for (const place of /** @type {(keyof typeof want)[]} */ (Object.keys(want))) {
    for (const name of want[place])
      if (!have[place].includes(/** @type {string} */ (name)))
        differences.push(`${place}: index.d.ts declares ${name}, the addon has none.`);
    for (const name of have[place])
      if (!want[place].includes(name))
        differences.push(`${place}: the addon has ${name}, index.d.ts does not declare it.`);
  }
  return differences;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { mkdtempSync, rmSync } = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const addon = await import("../load.mjs");
  const { writeTinyModel } = await import("../test/support/tiny-gguf.mjs");
  const folder = mkdtempSync(join(tmpdir(), "unshift-contract-"));
  try {
    const path = join(folder, "tiny.gguf");
    writeTinyModel(path);
    const model = await addon.loadModel(path, { mmap: false });
    const context = model.createContext({ contextSize: 64 });
    const stream = context.logits({ tokens: Int32Array.of(1), from: 0 });
    const embedder = model.createEmbedder({ contextSize: 64 });
    const rankingPath = join(folder, "ranking.gguf");
    writeTinyModel(rankingPath, { architecture: "bert", head: "plain" });
    const ranking = await addon.loadModel(rankingPath, { mmap: false });
    const ranker = ranking.createRanker({ contextSize: 64 });
    const differences = contractDifferences(addon, model, context, stream, embedder, ranker);
    for (const difference of differences) console.error(difference);
    if (differences.length === 0) console.log("index.d.ts and the addon agree.");
    else process.exitCode = 1;
    for (const each of [ranker, ranking, embedder, context, model]) each.dispose();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
