import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isUnshiftError } from "@unshift/contracts";
import type { EmbedderRequest, Engine, OpenEmbedder } from "@unshift/contracts/services";
import { builtinModels } from "@unshift/tiny-models";
import test, { type ExecutionContext } from "ava";
import { modelWriters, open, request, signal, temporaryFolder } from "./open-tiny.js";

const file = (path: string) => ({ path, gpuLayers: null, threads: null });
const texts = ["What is gold?", "", "Who invented the telephone?", "What is silver?", "Where do lions live?"];

async function embedderOf(engine: Engine, model: EmbedderRequest["model"], pooling: EmbedderRequest["pooling"] = null) {
  const opened = await engine.embedder?.({ model, pooling }, { signal });
  if (opened === undefined) throw new Error("the engine cannot embed");
  return opened;
}

async function rowsOf(embedder: OpenEmbedder, some: readonly string[]): Promise<Float32Array[]> {
  const { rows } = await embedder.embed(some, { signal });
  return some.map((_, index) => rows.slice(index * embedder.dimensions, (index + 1) * embedder.dimensions));
}

const dot = (a: Float32Array | undefined, b: Float32Array | undefined) =>
  a?.reduce((sum, value, index) => sum + value * (b?.[index] ?? Number.NaN), 0) ?? Number.NaN;

test("a file that holds a vocabulary only is told as that", async (t) => {
  const { engine } = await open(t);
  const path = fileURLToPath(
    new URL("../../../../native/vendor/llama.cpp/models/ggml-vocab-llama-spm.gguf", import.meta.url),
  );
  if (!existsSync(path)) {
    t.log(`skipped: ${path} is not unpacked`);
    t.false(existsSync(path));
    return;
  }
  const error = await t.throwsAsync(embedderOf(engine, file(path)));
  t.true(isUnshiftError(error) && error.code === "MODEL_LOAD_FAILED");
  t.regex(isUnshiftError(error) ? (error.hint ?? "") : "", /vocabulary without weights/);
});

test("rows of length 1 whose dot product tells likeness; nothing for an empty text", async (t) => {
  const { engine, base } = await open(t);
  const embedder = await embedderOf(engine, base);
  t.is(embedder.pooling, "mean");
  t.is(embedder.dimensions, 160);
  const rows = await rowsOf(embedder, texts);
  for (const index of [0, 2, 3, 4]) t.true(Math.abs(dot(rows[index], rows[index]) - 1) < 1e-5);
  t.true(rows[1]?.every((value) => value === 0));
  t.true(dot(rows[0], rows[3]) > dot(rows[0], rows[2]));
});

test("a row does not depend on other texts, on other work of the model, or on how the embedder was opened", async (t) => {
  const { engine, base } = await open(t);
  const embedder = await embedderOf(engine, base);
  const many = Array.from({ length: 150 }, (_, index) => `${texts[index % texts.length] ?? ""} ${index}`);
  const rows = await rowsOf(embedder, many);
  const fromFile = await embedderOf(engine, file(builtinModels["tiny-base"]));
  t.is(fromFile.identity, embedder.identity);
  const reversed = (await rowsOf(fromFile, many.toReversed())).toReversed();
  t.deepEqual(reversed, rows);
  for (const index of [0, 63, 64, 149])
    t.deepEqual(await rowsOf(fromFile, many.slice(index, index + 1)), [rows[index]]);
  await fromFile.dispose();
});

test("identity says model, pooling and engine", async (t) => {
  const { engine, base, aligned } = await open(t);
  const identities: string[] = [];
  for (const [model, pooling] of [
    [base, null],
    [base, "last"],
    [base, "cls"],
    [aligned, null],
  ] as const) {
    const embedder = await embedderOf(engine, model, pooling);
    t.is(embedder.pooling, pooling ?? "mean");
    t.regex(embedder.identity, /^[0-9a-f]{64}$/);
    identities.push(embedder.identity);
  }
  t.is(new Set(identities).size, identities.length);
  t.true(identities[0] === (await embedderOf(engine, base, "mean")).identity, "mean is what null means here");
});

test("progress rises to the number of texts; calls wait for each other; an abort is coded", async (t) => {
  const { engine, base } = await open(t);
  const embedder = await embedderOf(engine, base);
  const many = Array.from({ length: 200 }, (_, index) => `text ${index}`);
  const heard: number[] = [];
  const [whole, again] = await Promise.all([
    embedder.embed(many, { signal, onDone: (done) => heard.push(done) }),
    embedder.embed(many.slice(7, 9), { signal }),
  ]);
  t.is(heard.at(-1), 200);
  t.true(heard.every((done, index) => index === 0 || done > (heard[index - 1] ?? 0)));
  t.deepEqual(again.rows, whole.rows.slice(7 * embedder.dimensions, 9 * embedder.dimensions));
  const controller = new AbortController();
  const error = await t.throwsAsync(
    embedder.embed(many, { signal: controller.signal, onDone: () => controller.abort() }),
  );
  t.true(isUnshiftError(error) && error.code === "ABORTED", String(error));
  t.deepEqual((await embedder.embed(many.slice(0, 1), { signal })).rows, whole.rows.slice(0, embedder.dimensions));
});

async function tinyFile(t: ExecutionContext, options: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(await temporaryFolder(t), "model.gguf");
  (await modelWriters()).writeTinyModel(path, options);
  return path;
}

test("an encoder: its own pooling, its tokens around the text, long texts cut before the last of them", async (t) => {
  const path = await tinyFile(t, { architecture: "bert", context: 16, numbers: { "bert.pooling_type": 2 } });
  const { engine } = await open(t);
  const embedder = await embedderOf(engine, file(path));
  t.is(embedder.pooling, "cls");
  t.is(embedder.maxTokens, 16);
  const short = "a b c d e f g h i j k l m n";
  const { rows, truncated } = await embedder.embed([short, `${short} o p q`, "a b"], { signal });
  t.is(truncated, 1);
  const d = embedder.dimensions;
  t.deepEqual(rows.slice(d, 2 * d), rows.slice(0, d), "14 words between [CLS] and [SEP] are read");
  t.notDeepEqual(rows.slice(2 * d), rows.slice(0, d));
  await embedder.dispose();
});

test("a model that ranks is refused, and what can be done is said", async (t) => {
  const path = await tinyFile(t, { numbers: { "llama.pooling_type": 4 } });
  const { engine } = await open(t);
  const error = await t.throwsAsync(embedderOf(engine, file(path)));
  t.true(isUnshiftError(error) && error.code === "EMBEDDING_UNSUPPORTED", String(error));
  t.regex(error?.message ?? "", /rank.*mean, last or cls/);
  await t.throwsAsync(embedderOf(engine, file(join(path, "..", "none.gguf"))), { code: "MODEL_NOT_FOUND" });
  const ranking = await engine.open(request("ranking", path), { signal });
  await t.throwsAsync(embedderOf(engine, ranking, "mean"), { code: "EMBEDDING_UNSUPPORTED" });
});

test("closed with its model, by itself, twice", async (t) => {
  const { engine, base } = await open(t);
  const [one, two] = [await embedderOf(engine, base), await embedderOf(engine, base, "last")];
  await one.dispose();
  await one.dispose();
  await t.throwsAsync(one.embed(["x"], { signal }), { code: "NATIVE_DISPOSED" });
  const running = two.embed(texts, { signal });
  await base.dispose();
  t.is((await running).rows.length, texts.length * two.dimensions, "what was under way is finished");
  await t.throwsAsync(two.embed(["x"], { signal }), { code: "NATIVE_DISPOSED" });
});
