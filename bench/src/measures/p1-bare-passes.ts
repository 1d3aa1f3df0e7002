import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { comparePair, loadModel } from "@unshift/native";
import type { Bench } from "../bench.js";
import { type Measure, type Prepared, ratio } from "../measure.js";
import { startCoreBench } from "../peers/start-core-bench.js";
import { timed } from "../timed.js";

export const barePasses: Measure = {
  id: "P1",
  title: "Comparing two models, beside the two bare passes",
  meaning:
    "Both models' statistics and all divergences at every token of four answers, against nothing but llama_decode over the same chunks of both models with the same rows asked for: what is left is the price of the numbers themselves. The bare passes run in native/bench, on the same llama.cpp.",
  needs: { models: true, peers: ["unshift-core-bench"] },
  figures: [
    {
      id: "addon",
      title: "comparePair through the addon / two bare passes",
      unit: "×",
      target: { direction: "at most", value: 1.03 },
      of: ratio("ours", "llama_decode"),
    },
    {
      id: "core",
      title: "comparePair in one process with the bare passes",
      unit: "×",
      target: null,
      of: ratio("comparePair", "llama_decode"),
    },
    {
      id: "processor",
      title: "the same, processor time of all threads",
      unit: "×",
      target: null,
      of: ratio("comparePair", "llama_decode", "processorSeconds"),
    },
  ],
  prepare,
};

async function prepare(bench: Bench): Promise<Prepared> {
  const { signal, threads, gpuLayers } = bench;
  const [reference, subject] = await Promise.all(
    [bench.models.model, bench.models.twin].map((path) => loadModel(path, { gpuLayers, signal })),
  );
  if (reference === undefined || subject === undefined) throw new Error("two models were loaded");
  const items = bench.answers.slice(0, bench.quick ? 1 : 4).map(({ question, answer }) => ({
    prompt: reference.encode(`${question}\n\n`),
    answer: reference.encode(answer).slice(0, bench.quick ? 16 : 256),
  }));
  const file = join(bench.folder, "items.txt");
  await writeFile(file, items.map(({ prompt, answer }) => `${prompt.join(" ")}\n${answer.join(" ")}\n`).join(""));
  const contextSize = items.reduce((sum, { prompt, answer }) => sum + prompt.length + answer.length, 0);
  const contexts = [reference, subject].map((model) => model.createContext({ contextSize, threads }));
  const [x, y] = contexts;
  if (x === undefined || y === undefined) throw new Error("two contexts were made");
  const paths = ["--reference", bench.models.model, "--subject", bench.models.twin];
  const core = await startCoreBench(
    bench.peer("unshift-core-bench"),
    ["pair", ...paths, "--items", file, "--threads", String(threads), "--gpu-layers", String(gpuLayers)],
    signal,
  );
  let meanKl = Number.NaN;

  return {
    work: core.work,
    sides: [
      {
        id: "llama_decode",
        title: "llama_decode alone, both models",
        run: () => core.run("llama_decode"),
      },
      { id: "comparePair", title: "Unshift's core in that process", run: () => core.run("comparePair") },
      {
        id: "ours",
        title: "Unshift, comparePair of the addon",
        async run() {
          let sum = 0;
          let positions = 0;
          const { seconds } = await timed(async () => {
            for (const { prompt, answer } of items) {
              x.clear();
              y.clear();
              const request = { referencePrompt: prompt, subjectPrompt: prompt, answer };
              const { klReferenceSubject } = await comparePair(x, y, request, { signal });
              for (const kl of klReferenceSubject) sum += kl;
              positions += klReferenceSubject.length;
            }
          });
          meanKl = sum / positions;
          return { seconds };
        },
      },
    ],
    check: async () => ({
      agree: Number.isFinite(meanKl) && meanKl > 0,
      text: `a bare pass computes no number to compare; ours finds a mean KL of ${meanKl.toPrecision(4)} nats`,
    }),
    async dispose() {
      await core.stop();
      for (const context of contexts) context.dispose();
      reference.dispose();
      subject.dispose();
    },
  };
}
