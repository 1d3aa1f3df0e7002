import { createLlamaEngine } from "@unshift/engine-llama";
import { loadModel } from "@unshift/native";
import type { Bench } from "../bench.js";
import { type Measure, type Prepared, ratio } from "../measure.js";
import { modelRequest, plainPrompt } from "../model-request.js";
import { timed } from "../timed.js";

/** The released code asks the model anew for every token of an answer, and keeps nothing of the pass before. */
export const passPerToken: Measure = {
  id: "P5",
  title: "One pass per token against one pass per answer",
  meaning:
    "Log-probability, rank and the ten best candidates at every token of one answer of 128 tokens behind its question. The other side is the method of the paper's released code: for every token the whole text before it goes through the model again, without a cache. It runs on our own core, so only the method differs. The ratio says how many times as long that takes.",
  needs: { models: true, peers: [] },
  figures: [
    {
      id: "time",
      title: "one pass per token / ours",
      unit: "×",
      target: { direction: "at least", value: 50 },
      of: ratio("pass-per-token", "ours"),
    },
  ],
  prepare,
};

async function prepare(bench: Bench): Promise<Prepared> {
  const { signal } = bench;
  const engine = await createLlamaEngine();
  const model = await engine.open(modelRequest(bench, "model"), { signal });
  const native = await loadModel(bench.models.model, { gpuLayers: bench.gpuLayers, signal });
  const context = native.createContext({ contextSize: 4096, threads: bench.threads });
  const [pair] = bench.answers;
  const prompt = model.encode(plainPrompt(`${pair?.question ?? ""}\n\n`)).ids;
  const answer = model.encodeText(pair?.answer ?? "").slice(0, bench.quick ? 4 : 128);
  const topK = 10;
  let ours: Float64Array = new Float64Array();
  const theirs = new Float64Array(answer.length);

  const passes = async (count: number) => {
    for (let position = 0; position < Math.min(count, answer.length); position++) {
      context.clear();
      const tokens = Int32Array.from([...prompt, ...answer.subarray(0, position + 1)]);
      const { logprob } = await context.score({ tokens, from: tokens.length - 1, topK }, { signal });
      theirs[position] = logprob[0] ?? Number.NaN;
    }
  };

  return {
    work: { answers: 1, promptTokens: prompt.length, answerTokens: answer.length },
    sides: [
      {
        id: "pass-per-token",
        title: "the whole text again for every token, without a cache",
        async run() {
          const { seconds } = await timed(() => passes(answer.length));
          return { seconds };
        },
        // A few passes do what all of them would.
        warmUp: () => passes(4),
      },
      {
        id: "ours",
        title: "Unshift, one pass",
        async run() {
          const item = { subjectPrompt: { ids: prompt, prefixLength: 0 }, answerIds: answer, topK };
          const { seconds, result } = await timed(async () => engine.score?.(model, item, { signal }));
          ours = result?.subjectLogprob ?? new Float64Array();
          return { seconds };
        },
      },
    ],
    async check() {
      const difference = Math.max(...theirs.map((value, position) => Math.abs(value - (ours[position] ?? Number.NaN))));
      return {
        agree: difference < 0.01,
        text: `log-probabilities of ${answer.length} tokens differ by at most ${difference.toPrecision(2)} nats`,
      };
    },
    async dispose() {
      context.dispose();
      native.dispose();
      await engine.dispose();
    },
  };
}
