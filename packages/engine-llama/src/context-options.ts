import type { ModelRequest } from "@unshift/contracts/services";
import type { ContextOptions, LoadOptions } from "@unshift/native";

/** What a context is for. Each role has a KV memory of its own, so generating does not evict a scored prefix. */
export type ContextRole = "generate" | "reference" | "subject";

/** Contexts of models that declare more than this are cut to it unless the experiment says otherwise. */
const defaultContextLimit = 4096;

/**
 * ggml uses another kernel for a single column, so one answer at a time could differ in the last bits from several. From two
 * on the number does not show (native/README.md), and `parallel` can stay out of an answer's key.
 */
const leastSequences = 2;

export function contextSizeOf(request: ModelRequest, trainedContext: number): number {
  return request.contextSize ?? Math.min(trainedContext, defaultContextLimit);
}

/** The context a model is given for a role. */
export function contextOptions(request: ModelRequest, contextSize: number, role: ContextRole): ContextOptions {
  const { chunkSize, threads, numerics, sequences } = request;
  return {
    contextSize,
    numerics,
    sequences: role === "generate" ? Math.max(sequences, leastSequences) : 1,
    ...(chunkSize === null ? {} : { chunkSize }),
    ...(threads === null ? {} : { threads }),
  };
}

/** How the addon is asked to load a model. */
export function loadOptions({ gpuLayers, placement }: Pick<ModelRequest, "gpuLayers" | "placement">): LoadOptions {
  const given = <Key extends string, Value>(key: Key, value: Value | null | undefined) =>
    (value == null ? {} : { [key]: value }) as { readonly [Name in Key]?: Value };
  return {
    ...given("gpuLayers", gpuLayers),
    ...given("devices", placement?.devices),
    ...given("rpc", placement?.rpc.length === 0 ? null : placement?.rpc),
    ...given("tensorSplit", placement?.tensorSplit),
    ...given("splitMode", placement?.splitMode),
    ...given("mainGpu", placement?.mainGpu),
    ...given("mmap", placement?.mmap),
  };
}
