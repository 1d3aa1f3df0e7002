import { isUnshiftError, type PromptRecord, type Sample, UnshiftError } from "@unshift/contracts";
import type { EncodedPrompt, OpenModel } from "@unshift/contracts/services";
import type { PreparedSystem } from "./prepared-experiment.js";

/** Builds and tokenises a system's prompt for a sample: the one place where prompts come from. */
export async function buildPrompt(system: PreparedSystem, model: OpenModel, sample: Sample): Promise<EncodedPrompt> {
  try {
    return model.encode(await system.strategy.build(sample, model.view));
  } catch (error) {
    const at = `system "${system.spec.id}", sample ${JSON.stringify(sample.id)}`;
    if (isUnshiftError(error)) {
      throw new UnshiftError(error.code, `${at}: ${error.message}`, {
        where: error.where,
        hint: error.hint,
        cause: error,
      });
    }
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new UnshiftError(
      "STRATEGY_FAILED",
      `${at}: strategy "${system.spec.strategy.use}" of ${system.owner} threw: ${said}`,
      { cause: error },
    );
  }
}

/** A prompt as it is stored. */
export function promptRecord(prompt: EncodedPrompt): PromptRecord {
  return {
    text: prompt.prompt.text,
    ids: Array.from(prompt.ids),
    prefixLength: prompt.prefixLength,
    provenance: prompt.prompt.provenance,
  };
}
