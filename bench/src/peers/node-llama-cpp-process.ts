/**
 * node-llama-cpp at work in a process of its own, so that its threads and memory are its own too: started by `NodeLlamaCppProcess` with
 * the package's entry module as argument, does what its messages say and times it where it happens.
 */
import { pathToFileURL } from "node:url";
import { timed } from "../timed.js";
import type { NodeLlamaCppReply, NodeLlamaCppRequest } from "./node-llama-cpp-messages.js";

/** What we use of the package's public API; token ids are plain numbers to it. */
interface Package {
  getLlama(options: {
    gpu: false | "auto";
    build: "never";
    maxThreads: number;
    logLevel: string;
  }): Promise<{ loadModel(options: { modelPath: string; gpuLayers: number }): Promise<Model> }>;
  readonly LlamaLogLevel: { readonly error: string };
}

interface Model {
  createContext(options: { contextSize: number; sequences: number; threads: number }): Promise<Context>;
}

interface Context {
  getSequence(): Sequence;
}

interface Sequence {
  clearHistory(): Promise<void>;
  evaluate(
    tokens: readonly number[],
    options: { readonly temperature: number; readonly yieldEogToken: boolean },
  ): AsyncGenerator<number, void, void>;
  controlledEvaluate(
    input: readonly (number | [number, { readonly generateNext: object }])[],
  ): Promise<({ readonly next: Next } | undefined)[]>;
}

interface Next {
  readonly probabilities?: ReadonlyMap<number, number>;
  readonly logits?: ReadonlyMap<number, number>;
  readonly totalLogitWeight?: number;
}

const sequences: Sequence[] = [];

async function open(request: Extract<NodeLlamaCppRequest, { do: "open" }>): Promise<NodeLlamaCppReply> {
  const { getLlama, LlamaLogLevel } = (await import(pathToFileURL(process.argv[2] ?? "").href)) as Package;
  const { threads, gpuLayers, contextSize } = request;
  const llama = await getLlama({
    gpu: gpuLayers > 0 ? "auto" : false,
    build: "never",
    maxThreads: threads,
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath: request.model, gpuLayers });
  const context = await model.createContext({ contextSize, sequences: request.sequences, threads });
  for (let index = 0; index < request.sequences; index++) sequences.push(context.getSequence());
  return { done: "opened" };
}

/** Every sequence takes the next prompt as it becomes free. */
async function generate({
  prompts,
  maxTokens,
}: Extract<NodeLlamaCppRequest, { do: "generate" }>): Promise<NodeLlamaCppReply> {
  const answers: number[][] = prompts.map(() => []);
  let next = 0;
  const work = async (sequence: Sequence) => {
    for (let index = next++; index < prompts.length; index = next++) {
      await sequence.clearHistory();
      const answer = answers[index];
      for await (const token of sequence.evaluate(prompts[index] ?? [], { temperature: 0, yieldEogToken: true })) {
        answer?.push(token);
        if (answer?.length === maxTokens) break;
      }
    }
  };
  const { seconds } = await timed(() => Promise.all(sequences.map(work)));
  return { done: "generated", seconds, answers };
}

async function logprobs(request: Extract<NodeLlamaCppRequest, { do: "logprobs" }>): Promise<NodeLlamaCppReply> {
  const [sequence] = sequences;
  if (sequence === undefined) throw new Error("no model is open");
  const { prompt, answer, through } = request;
  await sequence.clearHistory();
  const tokens = [...prompt, ...answer.slice(0, -1)];
  const first = prompt.length - 1;
  const input = tokens.map((token, index): number | [number, { readonly generateNext: object }] => {
    const next = answer[index - first];
    if (next === undefined) return token;
    return [
      token,
      {
        generateNext:
          through === "probabilities"
            ? { probabilities: true }
            : { logits: { filter: { tokens: [next], includeTop: 10 } }, totalLogitWeight: true },
      },
    ];
  });
  const { seconds, result } = await timed(async () => {
    const outputs = await sequence.controlledEvaluate(input);
    return answer.map((token, position) => logprob(outputs[first + position]?.next, token));
  });
  return { done: "logprobs", seconds, logprobs: result };
}

function logprob(next: Next | undefined, token: number): number {
  if (next?.probabilities !== undefined) return Math.log(next.probabilities.get(token) ?? Number.NaN);
  const logits = next?.logits ?? new Map<number, number>();
  return (
    (logits.get(token) ?? Number.NaN) - Math.max(...logits.values()) - Math.log(next?.totalLogitWeight ?? Number.NaN)
  );
}

function answerTo(request: NodeLlamaCppRequest): Promise<NodeLlamaCppReply> {
  switch (request.do) {
    case "open":
      return open(request);
    case "generate":
      return generate(request);
    case "logprobs":
      return logprobs(request);
  }
}

process.on("message", (request: NodeLlamaCppRequest) => {
  answerTo(request).then(
    (reply) => process.send?.(reply),
    (error: unknown) =>
      process.send?.({ done: "failed", message: error instanceof Error ? error.message : String(error) }),
  );
});
// Whoever started this is gone: nobody waits for an answer.
process.on("disconnect", () => process.exit());
