import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { loadModel } from "../load.mjs";
import { randomIds, small, tinyModel } from "./support/models.mjs";

/** Bytes differ by what llama.cpp's log rounds: 0.01 MiB a line. */
const rounding = 64 * 1024;

const shapes = {
  f32: { type: "f32" },
  "q4_0, whose weights are repacked": { type: "q4_0", embedding: 256 },
  "a Mamba": { architecture: "mamba" },
};
for (const [name, shape] of Object.entries(shapes)) {
  test(`${name}: what a model and its contexts would take is what they take`, async (t) => {
    const path = tinyModel(`memory-${name.slice(0, 4).trim()}`, shape);
    const would = await loadModel(path, { sizesOnly: true });
    const does = await loadModel(path, { mmap: false });
    const close = (a, b, what) => {
      t.deepEqual(
        a.map(({ device }) => device),
        b.map(({ device }) => device),
        what,
      );
      for (const [i, { bytes }] of a.entries())
        t.true(Math.abs(bytes - b[i].bytes) <= rounding, `${what}: ${bytes} against ${b[i].bytes}`);
    };
    close(would.memory, does.memory, "weights");
    for (const options of [
      {},
      { sequences: 4 },
      { numerics: "fast" },
      { contextSize: 256, chunkSize: 32, sequences: 8 },
    ]) {
      const [a, b] = [would.createContext(options), does.createContext(options)];
      close(a.memory, b.memory, JSON.stringify(options));
      t.is(
        b.memoryBytes,
        b.memory.reduce((sum, { bytes }) => sum + bytes, 0),
      );
      a.dispose();
      b.dispose();
    }
    for (const fact of [
      "metadata",
      "description",
      "parameters",
      "sizeBytes",
      "trainedContext",
      "layers",
      "recurrent",
      "vocabulary",
    ])
      t.deepEqual(would[fact], does[fact], fact);
    would.dispose();
    does.dispose();
  });
}

test("a model opened for its sizes tokenises and computes nothing", async (t) => {
  const path = tinyModel("memory-f32", shapes.f32);
  const would = await loadModel(path, { sizesOnly: true });
  const does = await loadModel(path);
  t.deepEqual(would.encode("the sun he"), does.encode("the sun he"));
  const context = would.createContext(small);
  await t.throwsAsync(context.score({ tokens: randomIds(1, 9), from: 1 }), { code: "NATIVE_INVALID_ARGUMENT" });
  await t.throwsAsync(context.generate([{ prompt: randomIds(1, 9), maxTokens: 2 }]), {
    code: "NATIVE_INVALID_ARGUMENT",
  });
  t.throws(() => would.createEmbedder(), { code: "CONTEXT_CREATE_FAILED" });
  context.dispose();
  would.dispose();
  does.dispose();
});

test("a large KV memory is only counted", async (t) => {
  const would = await loadModel(tinyModel("memory-f32", shapes.f32), { sizesOnly: true });
  const context = would.createContext({ contextSize: 2 ** 20 });
  // 2 layers · 2 (K, V) · 32 values of 4 bytes a token
  t.true(context.memoryBytes > 2 ** 20 * 2 * 2 * 32 * 4);
  context.dispose();
  would.dispose();
});

test("the process grows by what was said", (t) => {
  if (process.platform !== "linux") return t.pass("only /proc tells the peak of a process");
  const path = tinyModel("memory-big", { type: "q8_0", embedding: 512, layers: 6, context: 4096 });
  const child = spawnSync(
    process.execPath,
    [fileURLToPath(new URL("support/peak-memory.mjs", import.meta.url)), path],
    {
      encoding: "utf8",
    },
  );
  t.is(child.status, 0, child.stderr);
  const { said, grown } = JSON.parse(child.stdout);
  t.log(`said ${(said / 2 ** 20).toFixed(1)} MiB, grown by ${(grown / 2 ** 20).toFixed(1)} MiB`);
  // Beside what was said: threads' stacks, llama.cpp's graph, the heap of Node.
  t.true(grown > 0.9 * said && grown < 1.1 * said + 24 * 2 ** 20, child.stdout);
});

test("a device that does not exist is named with those that do", async (t) => {
  const path = tinyModel("memory-f32", shapes.f32);
  const error = t.throws(() => loadModel(path, { devices: ["CUDA7"] }), { code: "DEVICE_NOT_FOUND" });
  t.regex(error.message, /CUDA7.*CPU/);
  t.is(error.details.device, "CUDA7");
});
