import type { GeneratedAnswer, GenerationItem } from "@unshift/contracts/services";
import { createLlamaEngine } from "@unshift/engine-llama";
import type { Bench } from "../bench.js";
import { type Measure, type Prepared, ratio } from "../measure.js";
import { modelRequest, plainPrompt } from "../model-request.js";
import { startLlamaServer } from "../peers/start-llama-server.js";
import { startNodeLlamaCpp } from "../peers/start-node-llama-cpp.js";
import { timed } from "../timed.js";

const atOnce = 8;
/** Longer than any prompt and answer of this measure. */
const slotTokens = 512;

export const generation: Measure = {
  id: "P4",
  title: "Greedy answers, beside llama-server and node-llama-cpp",
  meaning:
    "16 questions, 64 tokens each, 8 at the same time; the next question starts when an answer ends. The figure is ours over theirs in tokens per second, prompts included. llama-server gets all requests at once and has 8 slots, node-llama-cpp a context of 8 sequences; both keep their defaults otherwise (flash attention, float16 memory), ours keeps its own (neither: an answer does not depend on what is answered beside it).",
  needs: { models: true, peers: ["llama-server", "node-llama-cpp"] },
  figures: [
    {
      id: "server",
      title: "ours / llama-server, tokens per second",
      unit: "×",
      target: { direction: "at least", value: 1 },
      of: ratio("ours", "llama-server", "tokensPerSecond"),
    },
    {
      id: "node",
      title: "ours / node-llama-cpp, tokens per second",
      unit: "×",
      target: { direction: "at least", value: 1.1 },
      of: ratio("ours", "node-llama-cpp", "tokensPerSecond"),
    },
    {
      id: "fast",
      title: "ours with `numerics: fast` / llama-server, tokens per second",
      unit: "×",
      target: null,
      of: ratio("ours-fast", "llama-server", "tokensPerSecond"),
    },
  ],
  prepare,
};

async function prepare(bench: Bench): Promise<Prepared> {
  const { signal, threads, gpuLayers } = bench;
  const maxTokens = bench.quick ? 8 : 64;
  const engine = await createLlamaEngine();
  const stops: (() => Promise<void>)[] = [() => engine.dispose()];
  const dispose = async () => {
    for (const stop of stops.reverse()) await stop();
  };
  try {
    const changes = { sequences: atOnce, contextSize: slotTokens };
    const strict = await engine.open(modelRequest(bench, "model", changes), { signal });
    const fast = await engine.open(modelRequest(bench, "model", { ...changes, numerics: "fast" }), { signal });
    const questions = bench.answers.slice(0, bench.quick ? 4 : undefined);
    const items = questions.map(({ question }): GenerationItem => {
      const prompt = strict.encode(plainPrompt(`${question}\n\n`));
      return { prompt, decoding: { ...greedy, maxTokens } };
    });
    const prompts = items.map(({ prompt }) => [...prompt.ids]);
    const model = bench.models.model;
    const server = await startLlamaServer(
      bench.peer("llama-server"),
      { model, threads, gpuLayers, slots: atOnce, slotTokens },
      signal,
    );
    stops.push(() => server.stop());
    const node = await startNodeLlamaCpp(
      bench.peer("node-llama-cpp"),
      { model, threads, gpuLayers, contextSize: slotTokens, sequences: atOnce },
      signal,
    );
    stops.push(() => node.stop());

    const said = new Map<string, readonly (readonly number[])[]>();
    const told = (id: string, seconds: number, answers: readonly (readonly number[])[]) => {
      said.set(id, answers);
      const tokens = answers.reduce((sum, { length }) => sum + length, 0);
      return { seconds, tokens, tokensPerSecond: tokens / seconds };
    };
    const ours = (id: string, title: string, opened: typeof strict) => ({
      id,
      title,
      async run() {
        const answers: number[][] = items.map(() => []);
        const onDone = (index: number, { rawIds }: GeneratedAnswer) => {
          answers[index] = [...rawIds];
        };
        const { seconds } = await timed(() => opened.generate(items, { signal, onDone }));
        return told(id, seconds, answers);
      },
    });
    return {
      work: { prompts: prompts.length, promptTokens: prompts.flat().length, answerTokens: maxTokens, atOnce },
      sides: [
        {
          id: "llama-server",
          title: "llama-server, /completion with token ids, all requests at once",
          async run() {
            const { seconds, result } = await timed(() =>
              Promise.all(prompts.map((prompt) => server.complete(prompt, maxTokens, signal))),
            );
            return told("llama-server", seconds, result);
          },
        },
        {
          id: "node-llama-cpp",
          title: "node-llama-cpp, LlamaContextSequence.evaluate on every sequence",
          async run() {
            const { seconds, answers } = await node.generate(prompts, maxTokens);
            return told("node-llama-cpp", seconds, answers);
          },
        },
        ours("ours", "Unshift, OpenModel.generate in strict numerics", strict),
        ours("ours-fast", "Unshift, the same in fast numerics", fast),
      ],
      check: async () => compared(said),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const greedy = { temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: 0 };

/**
 * Greedy answers of one model differ only where two tokens are nearly equally likely and the other side's rounding turns them around;
 * from there on they are different texts. So the first token, before anything could diverge, must be the same in all but few.
 */
function compared(said: ReadonlyMap<string, readonly (readonly number[])[]>) {
  const ours = said.get("ours") ?? [];
  const others = [...said.keys()].filter((id) => id !== "ours");
  const rows = others.map((id) => {
    const theirs = said.get(id) ?? [];
    const alike = ours.map((answer, index) => commonLength(answer, theirs[index] ?? []));
    return {
      id,
      whole: alike.filter((length, index) => length === ours[index]?.length).length,
      begun: alike.filter((length) => length > 0).length,
      tokens: alike.reduce((sum, length) => sum + length, 0),
    };
  });
  const total = ours.reduce((sum, { length }) => sum + length, 0);
  return {
    agree: rows.every(({ begun }) => begun >= 0.8 * ours.length),
    text: rows
      .map(
        ({ id, whole, begun, tokens }) =>
          `${id} gives ${whole} of ${ours.length} answers as ours does, begins ${begun} alike, ${Math.round((100 * tokens) / total)} % of the tokens before the first difference`,
      )
      .join("; "),
  };
}

function commonLength(one: readonly number[], other: readonly number[]): number {
  const different = one.findIndex((token, index) => token !== other[index]);
  return different < 0 ? one.length : different;
}
