import type { JsonObject } from "@unshift/contracts";
import type { Decoding, GeneratedAnswer, OpenModel } from "@unshift/contracts/services";
import { plain, signal } from "./open-tiny.js";

/** Answers of `model` to as many prompts as there are schemas, each held to its own. */
export async function generateUnderSchema(
  model: OpenModel,
  schemas: readonly JsonObject[],
  decoding: Pick<Decoding, "maxTokens" | "temperature"> & { readonly seed?: number },
  stop: readonly string[] = [],
): Promise<GeneratedAnswer[]> {
  const answers: GeneratedAnswer[] = [];
  const items = schemas.map((schema, index) => ({
    prompt: model.encode(plain(`# Query:\n\`\`\`\nRate answer ${index}.\n\`\`\`\n\n# Answer:\n\`\`\`\n`, { stop })),
    decoding: { topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, ...decoding, seed: (decoding.seed ?? 0) + index },
    schema,
  }));
  await model.generate(items, {
    signal,
    onDone: (index, answer) => {
      answers[index] = answer;
    },
  });
  return answers;
}
