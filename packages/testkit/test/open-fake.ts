import type { Prompt } from "@unshift/contracts";
import type { Decoding, GeneratedAnswer, ModelRequest } from "@unshift/contracts/services";
import type { FakeEngine, FakeModel } from "../src/index.js";

export const signal: AbortSignal = new AbortController().signal;

export function request(name: string, change: Partial<ModelRequest> = {}): ModelRequest {
  return {
    name,
    path: "/nowhere.gguf",
    contextSize: null,
    gpuLayers: null,
    chunkSize: null,
    numerics: "strict",
    sequences: 1,
    threads: null,
    ...change,
  };
}

export function openFake(engine: FakeEngine, name: string, change: Partial<ModelRequest> = {}): Promise<FakeModel> {
  return engine.open(request(name, change), { signal });
}

export function prompt(text: string, change: Partial<Prompt> = {}): Prompt {
  return { text, parseSpecial: false, bos: "auto", staticChars: 0, stop: [], provenance: {}, ...change };
}

export const greedy: Decoding = {
  maxTokens: 60,
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 1,
};

export async function answersOf(
  model: FakeModel,
  prompts: readonly Prompt[],
  decoding: Partial<Decoding> = {},
): Promise<GeneratedAnswer[]> {
  const answers: GeneratedAnswer[] = [];
  const items = prompts.map((one) => ({ prompt: model.encode(one), decoding: { ...greedy, ...decoding } }));
  await model.generate(items, {
    signal,
    onDone: (index, answer) => {
      answers[index] = answer;
    },
  });
  return answers;
}

/** Fields that do not depend on the clock. */
export function timeless({ durationMs: _, ...rest }: GeneratedAnswer): Omit<GeneratedAnswer, "durationMs"> {
  return rest;
}
