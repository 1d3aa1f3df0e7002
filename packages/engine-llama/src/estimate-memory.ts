import type { DeviceNeed, MemoryNeed, ModelRequest, ModelRoles } from "@unshift/contracts/services";
import type { DeviceMemory } from "@unshift/native";
import { type ContextRole, contextOptions, contextSizeOf, loadOptions } from "./context-options.js";

type Native = typeof import("@unshift/native");

const everyRole: ModelRoles = { generates: true, reference: true, subject: true };

/**
 * What a model will take on each device. llama.cpp itself lays out weights, KV memory and compute buffers without reading a weight
 * (`sizesOnly`), so architectures, split files and layers on several devices need no formula of ours. Rows of logits are counted at
 * their most.
 *
 * The memory of generation is given back before the model scores, so the larger of the two counts.
 */
export async function estimateMemory(
  native: Native,
  request: ModelRequest,
  roles: ModelRoles = everyRole,
): Promise<MemoryNeed> {
  const model = await native.loadModel(request.path, { ...loadOptions(request), sizesOnly: true });
  try {
    const contextSize = contextSizeOf(request, model.trainedContext);
    const laidOut = (role: ContextRole, tokens: number): Sizes => {
      const context = model.createContext(contextOptions(request, tokens, role));
      const sizes = sizesOf(context.memory);
      context.dispose();
      return sizes;
    };
    const memoryOf = (role: ContextRole): Sizes =>
      contextSize <= longestLaidOut
        ? laidOut(role, contextSize)
        : extended(laidOut(role, longestLaidOut / 2), laidOut(role, longestLaidOut), contextSize / longestLaidOut);
    const generating = roles.generates ? memoryOf("generate") : none;
    const scoring = sum([
      ...(roles.reference ? [memoryOf("reference")] : []),
      ...(roles.subject ? [memoryOf("subject")] : []),
    ]);
    const weights = sizesOf(model.memory);
    const names = new Set(["CPU", ...weights.keys(), ...generating.keys(), ...scoring.keys()]);
    const devices = [...names].map(
      (device): DeviceNeed => ({
        device,
        weightsBytes: weights.get(device) ?? 0,
        contextBytes: Math.max(generating.get(device) ?? 0, scoring.get(device) ?? 0),
      }),
    );
    return {
      weightsBytes: devices.reduce((total, { weightsBytes }) => total + weightsBytes, 0),
      contextBytes: devices.reduce((total, { contextBytes }) => total + contextBytes, 0),
      devices,
    };
  } finally {
    model.dispose();
  }
}

/**
 * Tokens of the longest context that is laid out. llama.cpp keeps books of every token's place, which for millions of tokens is memory
 * itself; KV memory and buffers grow in proportion, so two lengths tell the rest.
 */
const longestLaidOut = 32_768;

/** The straight line through the sizes at half of a length and at that length, at `factor` of it. */
function extended(half: Sizes, whole: Sizes, factor: number): Sizes {
  return new Map(
    [...whole].map(([device, bytes]) => [device, bytes + (bytes - (half.get(device) ?? 0)) * 2 * (factor - 1)]),
  );
}

/** Bytes by device. */
type Sizes = ReadonlyMap<string, number>;

const none: Sizes = new Map();

function sizesOf(memory: readonly DeviceMemory[]): Sizes {
  return new Map(memory.map(({ device, bytes }) => [device, bytes]));
}

function sum(parts: readonly Sizes[]): Sizes {
  const total = new Map<string, number>();
  for (const [device, bytes] of parts.flatMap((part) => [...part])) total.set(device, (total.get(device) ?? 0) + bytes);
  return total;
}
