import type { Prompt } from "@unshift/contracts";
import type { ModelRequest } from "@unshift/contracts/services";
import type { Bench } from "./bench.js";

/** How our side opens the model or its twin, as an experiment would: 4096 tokens, strict numerics unless told otherwise. */
export function modelRequest(
  bench: Pick<Bench, "models" | "threads" | "gpuLayers">,
  which: keyof Bench["models"],
  changes: Partial<ModelRequest> = {},
): ModelRequest {
  return {
    name: which,
    path: bench.models[which],
    contextSize: null,
    gpuLayers: bench.gpuLayers,
    chunkSize: null,
    numerics: "strict",
    sequences: 1,
    threads: bench.threads,
    ...changes,
  };
}

/** A text as it is: one BOS where the vocabulary asks for it, nothing that ends an answer. */
export function plainPrompt(text: string): Prompt {
  return { text, parseSpecial: false, bos: "auto", staticChars: 0, stop: [], provenance: {} };
}
