import type { Pooling } from "@unshift/contracts";
import type { EmbedderRequest } from "@unshift/contracts/services";
import type { Embedder, EmbedderOptions, Model } from "@unshift/native";
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
  const options = { pooling, ...threadsOf(model.request) };
  const native = await (model.inTurn
    ? embedderInTurn(model, options)
    : coded(() => model.native.createEmbedder(options)));
  const keys = { fileHash: model.identity.fileHash, engine };
  const embedder = new LlamaEmbedder(model.native, native, keys, () => model.embedders.delete(embedder));
  model.embedders.add(embedder);
  return embedder;
}

/** An embedder whose memory is there while it works, as the weights are. */
function embedderInTurn(
  model: LlamaModel,
  options: EmbedderOptions,
): Promise<Pick<Embedder, "pooling" | "dimensions" | "maxTokens" | "embed" | "dispose">> {
  return model.during(async (weights) => {
    const { pooling, dimensions, maxTokens } = await coded(() => once(weights, async (embedder) => embedder));
    return {
      pooling,
      dimensions,
      maxTokens,
      embed: (texts, embedding) => model.during((again) => once(again, (embedder) => embedder.embed(texts, embedding))),
      dispose: () => undefined,
    };
  });

  async function once<Result>(weights: Model, work: (embedder: Embedder) => Promise<Result>): Promise<Result> {
    const embedder = weights.createEmbedder(options);
    try {
      return await work(embedder);
    } finally {
      embedder.dispose();
    }
  }
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
