import test from "ava";
import { type DecodingPreset, decodingPresetNames, decodingPresets } from "../../src/config/decoding-presets.js";
import { loadFrom, loadText, smallest } from "./load.js";
import { writeFiles } from "./write-files.js";

const off = { topK: 0, topP: 1, minP: 0, seed: 0 };
const system = "systems:\n  a: { model: base, strategy: zero-shot";
const head = `models: { base: "builtin:tiny-base" }\ndataset: builtin\n`;

// Figures of the paper's and URIAL-bench's runs, written out.
const figures: Readonly<Record<DecodingPreset, readonly [temperature: number, penalty: number, maxTokens: number]>> = {
  greedy: [0, 1, 256],
  "paper-base": [0, 1.1, 1024],
  "paper-aligned": [0, 1, 1024],
  "urial-bench": [0, 1.15, 2048],
  "urial-bench-t0.5": [0.5, 1, 2048],
  "urial-bench-t1": [1, 1, 2048],
};

for (const preset of decodingPresetNames) {
  test(`${preset}, by its name alone and as a key, of the experiment and of a system`, async (t) => {
    const [temperature, repetitionPenalty, maxTokens] = figures[preset];
    for (const text of [
      `${smallest}decoding: ${preset}\n`,
      `${smallest}decoding: { preset: ${preset} }\n`,
      `${head}${system}, decoding: ${preset} }\n`,
      `${head}${system}, decoding: { preset: ${preset} } }\n`,
    ]) {
      const { experiment } = await loadText(t, text);
      t.deepEqual(experiment.systems[0]?.decoding, { ...off, temperature, repetitionPenalty, maxTokens });
    }
  });
}

test("there are figures for every preset", (t) => {
  t.deepEqual(Object.keys(figures).sort(), Object.keys(decodingPresets).sort());
});

test("own keys win over a preset, a system's preset over the experiment's own keys", async (t) => {
  const { experiment } = await loadText(
    t,
    `${head}decoding: { preset: paper-base, maxTokens: 512, seed: 3 }\n${system} }\n` +
      "  b: { model: base, strategy: zero-shot, decoding: urial-bench-t0.5 }\n" +
      "  c: { model: base, strategy: zero-shot, decoding: { preset: paper-aligned, maxTokens: 9 } }\n" +
      "  d: { model: base, strategy: zero-shot, decoding: { temperature: 1 } }\n",
  );
  t.deepEqual(
    experiment.systems.map(({ decoding }) => [
      decoding.temperature,
      decoding.repetitionPenalty,
      decoding.maxTokens,
      decoding.seed,
    ]),
    [
      [0, 1.1, 512, 3],
      [0.5, 1, 2048, 3],
      [0, 1, 9, 3],
      [1, 1.1, 512, 3],
    ],
  );
});

test("a preset turns off what the experiment sampled with", async (t) => {
  const { experiment } = await loadText(
    t,
    `${head}decoding: { topK: 40, topP: 0.9, minP: 0.1 }\n${system}, decoding: urial-bench-t1 }\n`,
  );
  t.like(experiment.systems[0]?.decoding, { topK: 0, topP: 1, minP: 0 });
});

test("through extends and --set", async (t) => {
  const folder = await writeFiles(t, {
    "base.yaml": `${smallest}decoding: paper-base\n`,
    "experiment.yaml": "extends: ./base.yaml\ndecoding: { maxTokens: 7 }\n",
  });
  const decodingWith = async (...set: string[]) => (await loadFrom(folder, { set })).experiment.systems[0]?.decoding;
  t.like(await decodingWith(), { repetitionPenalty: 1.1, maxTokens: 7 });
  t.like(await decodingWith("decoding.temperature=0.5"), { temperature: 0.5, repetitionPenalty: 1.1, maxTokens: 7 });
  t.like(await decodingWith("decoding.preset=urial-bench"), { repetitionPenalty: 1.15, maxTokens: 7 });
  t.like(await decodingWith("decoding=urial-bench"), { repetitionPenalty: 1.15, maxTokens: 2048 });
});
