import { open, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { createLlamaEngine } from "@unshift/engine-llama";
import type { Bench } from "../bench.js";
import { type Measure, type Prepared, ratio, sideValue } from "../measure.js";
import { modelRequest, plainPrompt } from "../model-request.js";
import { lastLines, output } from "../peers/llama-tools.js";
import { timed } from "../timed.js";

/** llama.cpp's own way to compare two models over a text, and the nearest thing to this project that people use. */
export const klStream: Measure = {
  id: "P2",
  title: "KL divergence of two models over one stream of tokens, beside llama-perplexity",
  meaning:
    "Both models read the same text in chunks of 512 tokens; at the second half of every chunk their distributions over the whole vocabulary are compared. llama-perplexity runs twice: once with `--kl-divergence-base` and the model, which stores 16 bits for every token of the vocabulary at every position, and once with `--kl-divergence` and the twin, which reads them again. Ours reads both models at once and stores nothing. Times are of whole processes and of opening, comparing and closing: loading counts on both sides.",
  needs: { models: true, peers: ["llama-perplexity"] },
  figures: [
    {
      id: "time",
      title: "llama-perplexity, both passes / ours",
      unit: "×",
      target: { direction: "at least", value: 1.1 },
      of: ratio("llama-perplexity", "ours"),
    },
    {
      id: "peer-bytes",
      title: "stored for a position, llama-perplexity",
      unit: "bytes",
      target: null,
      of: sideValue("llama-perplexity", "storedBytesPerPosition"),
    },
    {
      id: "our-bytes",
      title: "stored for a position, ours",
      unit: "bytes",
      target: { direction: "at most", value: 0 },
      of: sideValue("ours", "storedBytesPerPosition"),
    },
  ],
  prepare,
};

/** llama-perplexity's file: 8 bytes of magic, then chunk length, vocabulary, chunks, then the tokens. */
const fileHead = 20;

async function prepare(bench: Bench): Promise<Prepared> {
  const { signal, threads, gpuLayers, models } = bench;
  const [chunkLength, chunks] = bench.quick ? [64, 2] : [512, 4];
  const positions = chunks * (chunkLength - 1 - chunkLength / 2);
  const text = bench.answers.map(({ answer }) => answer).join("\n\n");
  const textFile = join(bench.folder, "text.txt");
  await writeFile(textFile, text);
  const logitsFile = join(bench.folder, "logits.bin");

  const tokenizer = await createLlamaEngine();
  const model = await tokenizer.open(modelRequest(bench, "model"), { signal });
  const stream = model.encode(plainPrompt(text)).ids.slice(0, chunks * chunkLength);
  // A vocabulary with BOS has it at the beginning of every chunk, in place of what stood there.
  const [bos] = model.encode(plainPrompt("")).ids;
  await tokenizer.dispose();
  if (stream.length < chunks * chunkLength) {
    throw new UnshiftError("INTERNAL", `the text has ${stream.length} tokens; ${chunks * chunkLength} are needed`);
  }
  let ourMean = Number.NaN;
  let theirMean = Number.NaN;

  const perplexity = async (which: keyof Bench["models"], ...more: string[]) => {
    const args = ["-m", models[which], "-t", String(threads), "-ngl", String(gpuLayers), "-c", String(chunkLength)];
    const run = await output(bench.peer("llama-perplexity"), [...args, ...more], signal);
    if (run.code === 0) return `${run.stdout}\n${run.stderr}`;
    throw new UnshiftError("BENCH_PEER", `llama-perplexity ended with exit code ${run.code}: ${lastLines(run.stderr)}`);
  };

  return {
    work: { tokens: chunks * chunkLength, chunks, positions },
    sides: [
      {
        id: "llama-perplexity",
        title: "llama-perplexity, one process for each model",
        async run() {
          const { seconds, result } = await timed(async () => {
            await perplexity("model", "-f", textFile, "--chunks", String(chunks), "--kl-divergence-base", logitsFile);
            return perplexity("twin", "--kl-divergence", "--kl-divergence-base", logitsFile);
          });
          theirMean = meanKl(result);
          const { size } = await stat(logitsFile);
          const head = fileHead + 4 * stream.length;
          return { seconds, storedBytesPerPosition: (size - head) / positions };
        },
      },
      {
        id: "ours",
        title: "Unshift, Engine.compare in strict numerics",
        async run() {
          const { seconds, result } = await timed(() => compare(bench, stream, chunkLength, bos));
          ourMean = result.reduce((sum, nats) => sum + nats, 0) / positions;
          return { seconds, storedBytesPerPosition: 0 };
        },
      },
    ],
    async check() {
      const same = await sameTokens(logitsFile, stream);
      const apart = Math.abs(ourMean / theirMean - 1);
      return {
        agree: same && apart <= 0.01,
        text: `${same ? "the same" : "other"} tokens at ${positions} positions; mean KL ${ourMean.toFixed(6)} nats, llama-perplexity's ${theirMean.toFixed(6)}: ${(100 * apart).toFixed(2)} % apart`,
      };
    },
    async dispose() {
      // The folder goes with the measure.
    },
  };
}

/**
 * From llama-perplexity's rows, one a chunk, whose figures are means from the first chunk on: perplexity, its logarithm's difference, KL,
 * each `mean ± error`. Its summary names the mean too, but only of a hundred positions or more.
 */
export function meanKl(log: string): number {
  const rows = log.match(/^\s+\d+(?:\s+\S+\s+±\s+\S+){3}/gm);
  return Number(/(\S+)\s+±\s+\S+$/.exec(rows?.at(-1) ?? "")?.[1] ?? Number.NaN);
}

/** Opens both models and gives KL(model ‖ twin) at the second half of every chunk. */
async function compare(
  bench: Bench,
  stream: Int32Array,
  chunkLength: number,
  bos: number | undefined,
): Promise<number[]> {
  const { signal } = bench;
  const engine = await createLlamaEngine();
  try {
    const open = (which: keyof Bench["models"]) =>
      engine.open(modelRequest(bench, which, { contextSize: chunkLength }), { signal });
    const [reference, subject] = [await open("model"), await open("twin")];
    const nats: number[] = [];
    for (let start = 0; start < stream.length; start += chunkLength) {
      const chunk = stream.slice(start, start + chunkLength);
      if (bos !== undefined) chunk[0] = bos;
      const prompt = { ids: chunk.subarray(0, chunkLength / 2 + 1), prefixLength: 0 };
      const answerIds = chunk.subarray(chunkLength / 2 + 1);
      const item = { referencePrompt: prompt, subjectPrompt: prompt, answerIds, topK: 10 };
      nats.push(...(await engine.compare(reference, subject, item, { signal })).klReferenceSubject);
    }
    return nats;
  } finally {
    await engine.dispose();
  }
}

/** Whether llama-perplexity read the stream that ours did. */
async function sameTokens(logitsFile: string, stream: Int32Array): Promise<boolean> {
  const file = await open(logitsFile);
  try {
    const bytes = Buffer.alloc(4 * stream.length);
    await file.read(bytes, 0, bytes.length, fileHead);
    return stream.every((token, index) => token === bytes.readInt32LE(4 * index));
  } finally {
    await file.close();
  }
}
