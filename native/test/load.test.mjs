import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { info, loadModel, setLog } from "../load.mjs";
import { folder, small, tinyModel } from "./support/models.mjs";
import { writeTinyModel } from "./support/tiny-gguf.mjs";

const loadFails = (t, path, code) => t.throwsAsync(() => loadModel(path), { code });

test("what the addon says about itself", (t) => {
  const facts = info();
  t.is(facts.llamaCommit.length, 40);
  t.regex(facts.llamaVersion, /^\d+\.\d+\.\d+$/);
  t.true(["scalar", "avx2", "avx512", "neon"].includes(facts.kernels));
  t.true(facts.defaultThreads >= 1);
  t.true(facts.devices.some((device) => device.type === "cpu"));
});

test("files that are no models have codes", async (t) => {
  await loadFails(t, join(folder, "missing.gguf"), "MODEL_NOT_FOUND");
  mkdirSync(join(folder, "folder.gguf"));
  await loadFails(t, join(folder, "folder.gguf"), "MODEL_IS_DIRECTORY");
  const text = join(folder, "text.gguf");
  writeFileSync(text, "<html>not a model</html>");
  const error = await loadFails(t, text, "MODEL_NOT_GGUF");
  t.is(error.details.path, text);
  const bytes = readFileSync(tinyModel("whole"));
  const short = join(folder, "short.gguf");
  writeFileSync(short, bytes.subarray(0, bytes.length - 5000));
  await loadFails(t, short, "MODEL_TRUNCATED");
  for (const version of [1, 0x03000000]) {
    const other = Buffer.from(bytes);
    other.writeUInt32LE(version, 4);
    writeFileSync(short, other);
    await loadFails(t, short, "MODEL_GGUF_VERSION");
  }
});

test("a file without read permission", async (t) => {
  if (process.platform === "win32" || process.getuid?.() === 0) return t.pass("root may read everything");
  const path = join(folder, "secret.gguf");
  writeFileSync(path, readFileSync(tinyModel("whole")));
  chmodSync(path, 0);
  await loadFails(t, path, "MODEL_NO_PERMISSION");
});

test("a vocabulary that llama.cpp asserts about is an error, not the end of the process", async (t) => {
  const bytes = readFileSync(tinyModel("whole"));
  const at = bytes.indexOf("<0x41>");
  bytes.write("<0x42>", at);
  const path = join(folder, "twice.gguf");
  writeFileSync(path, bytes);
  const error = await loadFails(t, path, "MODEL_LOAD_FAILED");
  t.regex(error.message, /assertion failed/);
});

test("facts of a model", async (t) => {
  const path = join(folder, "facts.gguf");
  writeTinyModel(path, { metadata: { "tokenizer.chat_template": "{{ messages }}" } });
  const shares = [];
  const model = await loadModel(path, { onProgress: (share) => shares.push(share) });
  t.is(model.path, path);
  t.is(model.metadata["general.name"], "tiny random");
  t.is(model.chatTemplate, "{{ messages }}");
  t.is(model.layers, 2);
  t.is(model.embeddingSize, 64);
  t.is(model.trainedContext, 1024);
  t.false(model.recurrent);
  t.true(model.parameters > 100_000);
  t.true(Object.isFrozen(model.metadata) && Object.isFrozen(model.vocabulary));
  t.is(shares.at(-1), 1);
  t.true(shares.every((share, i) => i === 0 || share >= shares[i - 1]));
  const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
  t.is(await model.fileHash(), hash);
  t.is(await model.fileHash(), hash);
  model.dispose();
  model.dispose();
  t.true(model.disposed);
  t.is(model.path, path);
  t.throws(() => model.encode("x"), { code: "NATIVE_DISPOSED" });
});

test("a model is disposed after its contexts", async (t) => {
  const model = await loadModel(tinyModel("whole"));
  const context = model.createContext(small);
  t.is(context.model, model);
  t.is(context.contextSize, 256);
  t.is(context.numerics, "strict");
  t.true(context.memoryBytes > 0);
  t.throws(() => model.dispose(), { code: "NATIVE_BUSY" });
  context.dispose();
  context.dispose();
  t.throws(() => context.clear(), { code: "NATIVE_DISPOSED" });
  model.dispose();
});

test("a vocabulary alone cannot score", async (t) => {
  const model = await loadModel(tinyModel("whole"), { vocabOnly: true });
  t.true(model.encode("the snow").length > 0);
  t.throws(() => model.createContext(small), { code: "CONTEXT_CREATE_FAILED" });
  model.dispose();
});

test("wrong arguments are named", async (t) => {
  const path = tinyModel("whole");
  t.throws(() => loadModel(7), { code: "NATIVE_INVALID_ARGUMENT", message: /path/ });
  t.throws(() => loadModel(path, { nmap: true }), { code: "NATIVE_INVALID_ARGUMENT", message: /options\.nmap.*mmap/ });
  t.throws(() => loadModel(path, { devices: ["no such device"] }), { code: "DEVICE_NOT_FOUND", message: /CPU/ });
  const model = await loadModel(path);
  t.throws(() => model.createContext({ numerics: "sloppy" }), { code: "NATIVE_INVALID_ARGUMENT", message: /numerics/ });
  t.throws(() => model.createContext({ threads: 0 }), { code: "NATIVE_INVALID_ARGUMENT", message: /threads/ });
  t.throws(() => model.tokenBytes(1e6), { code: "NATIVE_INVALID_ARGUMENT" });
  t.throws(() => model.compareVocabulary({}), { code: "NATIVE_INVALID_ARGUMENT", message: /Model/ });
  t.throws(() => new model.constructor(), { code: "NATIVE_INVALID_ARGUMENT" });
  t.throws(() => model.encode.call({}, "x"));
  model.dispose();
});

test("aborting a load", async (t) => {
  const reason = new Error("enough");
  const error = await t.throwsAsync(() => loadModel(tinyModel("whole"), { signal: AbortSignal.abort(reason) }), {
    code: "ABORTED",
  });
  t.is(error.cause, reason);
});

test.serial("the log goes to the callback and nowhere else", async (t) => {
  const lines = [];
  setLog((level, text) => lines.push({ level, text }));
  const model = await loadModel(tinyModel("whole"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  setLog(null);
  t.true(lines.length > 5);
  t.true(lines.every((line) => line.level >= 1 && line.level <= 4 && !line.text.includes("\n")));
  model.dispose();
  const quiet = spawnSync(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { loadModel } from ${JSON.stringify(new URL("../load.mjs", import.meta.url).href)}; await loadModel(process.argv[1]);`,
      tinyModel("whole"),
    ],
    { encoding: "utf8" },
  );
  t.is(quiet.status, 0);
  t.is(quiet.stdout + quiet.stderr, "");
});

test("a missing or broken addon is explained", (t) => {
  const broken = join(folder, "broken.node");
  writeFileSync(broken, "no addon");
  for (const path of [join(folder, "none.node"), broken]) {
    const run = spawnSync(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `import(${JSON.stringify(new URL("../load.mjs", import.meta.url).href)}).catch((error) => console.log(error.code + " " + error.message));`,
      ],
      { encoding: "utf8", env: { ...process.env, UNSHIFT_NATIVE_PATH: path } },
    );
    t.regex(run.stdout, /^NATIVE_LOAD_FAILED/);
    t.regex(run.stdout, /build\.mjs/);
  }
});
