import { createLlamaEngine } from "@unshift/engine-llama";
import type { Bench } from "../bench.js";
import { type Measure, type Prepared, ratio } from "../measure.js";
import { modelRequest, plainPrompt } from "../model-request.js";
import { startNodeLlamaCpp } from "../peers/start-node-llama-cpp.js";
import { timed } from "../timed.js";

/** What reading an answer costs somebody who has a binding to llama.cpp and no reduction in C++. */
export const logprobs: Measure = {
  id: "P6",
  title: "The log-probability of every token of an answer, beside node-llama-cpp",
  meaning:
    "Log-probabilities of one answer of 128 tokens behind its question. node-llama-cpp gives them through `controlledEvaluate`, as a sorted map of the whole vocabulary's probabilities for every token; or, asked for nothing but the logits of the token and the ten best and the sum over all, from which a log-probability can be worked out. Ours gives rank, entropy and the ten best candidates as well.",
  needs: { models: true, peers: ["node-llama-cpp"] },
  figures: [
    {
      id: "probabilities",
      title: "node-llama-cpp, probabilities / ours",
      unit: "×",
      target: { direction: "at least", value: 8 },
      of: ratio("probabilities", "ours"),
    },
    {
      id: "filtered",
      title: "node-llama-cpp, filtered logits / ours",
      unit: "×",
      target: null,
      of: ratio("filtered-logits", "ours"),
    },
  ],
  prepare,
};

async function prepare(bench: Bench): Promise<Prepared> {
  const { signal, threads, gpuLayers } = bench;
  const engine = await createLlamaEngine();
  const model = await engine.open(modelRequest(bench, "model"), { signal });
  const [pair] = bench.answers;
  const prompt = model.encode(plainPrompt(`${pair?.question ?? ""}\n\n`)).ids;
  const answer = model.encodeText(pair?.answer ?? "").slice(0, bench.quick ? 4 : 128);
  const peer = await startNodeLlamaCpp(
    bench.peer("node-llama-cpp"),
    { model: bench.models.model, threads, gpuLayers, contextSize: model.identity.contextSize, sequences: 1 },
    signal,
  ).catch(async (error: unknown) => {
    await engine.dispose();
    throw error;
  });
  const found = new Map<string, ArrayLike<number>>();
  const through = (id: string, asked: "probabilities" | "filtered logits") => ({
    id,
    title: `node-llama-cpp, controlledEvaluate with ${asked}`,
    async run() {
      const reply = await peer.logprobs([...prompt], [...answer], asked);
      found.set(id, reply.logprobs);
      return { seconds: reply.seconds };
    },
  });
  return {
    work: { answers: 1, promptTokens: prompt.length, answerTokens: answer.length },
    sides: [
      through("probabilities", "probabilities"),
      through("filtered-logits", "filtered logits"),
      {
        id: "ours",
        title: "Unshift, Engine.score",
        async run() {
          const item = { subjectPrompt: { ids: prompt, prefixLength: 0 }, answerIds: answer, topK: 10 };
          const { seconds, result } = await timed(async () => engine.score?.(model, item, { signal }));
          found.set("ours", result?.subjectLogprob ?? []);
          return { seconds };
        },
      },
    ],
    async check() {
      const ours = [...Array.from(found.get("ours") ?? [])];
      const furthest = (id: string) => {
        const theirs = found.get(id) ?? [];
        return Math.max(...ours.map((value, position) => Math.abs(value - (theirs[position] ?? Number.NaN))));
      };
      const differences = [furthest("probabilities"), furthest("filtered-logits")] as const;
      return {
        // Theirs multiplies with flash attention and a float16 memory, ours without and in float32.
        agree: differences.every((nats) => nats < 0.5),
        text: `log-probabilities of ${answer.length} tokens differ from ours by at most ${differences.map((nats) => nats.toPrecision(2)).join(" and ")} nats`,
      };
    },
    async dispose() {
      await peer.stop();
      await engine.dispose();
    },
  };
}
