import type { Pooling } from "@unshift/contracts";
import type { EmbedderRequest } from "@unshift/contracts/services";
import { LlamaEmbedder } from "./llama-embedder.js";
import type { LlamaModel } from "./llama-model.js";
import { coded } from "./native-error.js";

type Native = typeof import("@unshift/native");
type EmbedderFile = Exclude<EmbedderRequest["model"], { readonly identity: unknown }>;

/** An embedder with a memory of its own over an open model; closed with the model at the latest. */
export async function embedderOfModel(
  model: LlamaModel,
  pooling: Pooling | null,
  engine: string,
): Promise<LlamaEmbedder> {
  const native = await coded(() => model.native.createEmbedder({ pooling, ...threadsOf(model.request) }));
  const keys = { fileHash: model.identity.fileHash, engine };
  const embedder = new LlamaEmbedder(model.native, native, keys, () => model.embedders.delete(embedder));
  model.embedders.add(embedder);
  return embedder;
}

/** An embedder that opens its model and closes it again. */
export async function embedderOfFile(
  native: Native,
  file: EmbedderFile,
  pooling: Pooling | null,
  engine: string,
  signal: AbortSignal,
): Promise<LlamaEmbedder> {
  const { path, gpuLayers } = file;
  const model = await coded(() => native.loadModel(path, { signal, ...(gpuLayers === null ? {} : { gpuLayers }) }));
  try {
    const fileHash = await coded(() => model.fileHash({ signal }));
    const embedder = await coded(() => model.createEmbedder({ pooling, ...threadsOf(file) }));
    return new LlamaEmbedder(model, embedder, { fileHash, engine }, () => model.dispose());
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function threadsOf({ threads }: { readonly threads: number | null }): { readonly threads?: number } {
  return threads === null ? {} : { threads };
}
