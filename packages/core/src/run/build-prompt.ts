import { isUnshiftError, type Prompt, type PromptRecord, type Sample, UnshiftError } from "@unshift/contracts";
import type { EncodedPrompt, OpenModel } from "@unshift/contracts/services";
import { faultOf } from "../plugins/fault-of.js";
import { promptFault } from "./check-prompt.js";
import type { PreparedSystem } from "./prepared-experiment.js";

/**
 * Builds and tokenises a system's prompt for a sample: the one place where prompts come from. What the strategy throws, and what
 * it gives that is no prompt, fails this sample under the strategy's and its package's name.
 */
export async function buildPrompt(system: PreparedSystem, model: OpenModel, sample: Sample): Promise<EncodedPrompt> {
  const at = `system "${system.spec.id}", sample ${JSON.stringify(sample.id)}`;
  const strategy = `strategy "${system.spec.strategy.use}" of ${system.owner}`;
  try {
    const prompt: unknown = await system.strategy.build(sample, model.view);
    const fault = promptFault(prompt);
    if (fault !== null) {
      throw new UnshiftError("STRATEGY_FAILED", `${strategy} ${fault}`);
    }
    return model.encode(prompt as Prompt);
  } catch (error) {
    if (isUnshiftError(error)) {
      throw new UnshiftError(error.code, `${at}: ${error.message}`, {
        where: error.where,
        hint: error.hint,
        cause: error,
      });
    }
    throw new UnshiftError("STRATEGY_FAILED", `${at}: ${strategy} threw: ${faultOf(error)}`, { cause: error });
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
