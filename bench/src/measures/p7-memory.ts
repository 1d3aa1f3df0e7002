import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { UnshiftError } from "@unshift/contracts";
import type { Bench } from "../bench.js";
import { type Measure, type Prepared, sideValue } from "../measure.js";
import { lastLines, output } from "../peers/llama-tools.js";

export const peakMemory: Measure = {
  id: "P7",
  title: "Memory beyond the models",
  meaning:
    "Peak of resident memory of a process that compares two models at a vocabulary of 151,936, less the size of their files, which are mapped and read whole. Contexts of 4,096 tokens in strict numerics (float32 memory). The first sample has a prompt of 600 tokens and an answer of 300, more than one block of rows holds; the others are short. The peak is read after 10 samples and after 1,000.",
  needs: { models: true, peers: [] },
  figures: [
    {
      id: "peak",
      title: "peak above the two model files",
      unit: "bytes",
      target: { direction: "at most", value: 1.2e9 },
      of: sideValue("ours", "peakBytes"),
    },
    {
      id: "growth",
      title: "peak above the files after 1,000 samples / after 10",
      unit: "×",
      target: { direction: "at most", value: 1.05 },
      of: (round) => (round["ours"]?.["peakBytes"] ?? Number.NaN) / (round["ours"]?.["peakBytesAfter10"] ?? Number.NaN),
    },
  ],
  prepare,
};

async function prepare(bench: Bench): Promise<Prepared> {
  const { models, threads, gpuLayers, signal } = bench;
  const script = fileURLToPath(new URL("./p7-memory-process.js", import.meta.url));
  const samples = bench.quick ? 10 : 1000;
  const files = (await stat(models.model)).size + (await stat(models.twin)).size;
  let kl = Number.NaN;
  return {
    work: { samples, fileBytes: files },
    sides: [
      {
        id: "ours",
        title: "Unshift, Engine.compare in a fresh process",
        async run() {
          const args = [script, models.model, models.twin, samples, threads, gpuLayers].map(String);
          const { code, stdout, stderr } = await output(process.execPath, args, signal);
          if (code !== 0)
            throw new UnshiftError("INTERNAL", `the process that compares ended with ${code}: ${lastLines(stderr)}`);
          const told = JSON.parse(stdout) as { after10: number; afterAll: number; kl: number };
          kl = told.kl;
          return { peakBytes: told.afterAll - files, peakBytesAfter10: told.after10 - files };
        },
      },
    ],
    check: async () => ({ agree: Number.isFinite(kl) && kl > 0, text: `sum of KL ${kl.toPrecision(4)} nats` }),
    dispose: async () => undefined,
  };
}
