import type { Prompt } from "@unshift/contracts";
import type { GeneratedAnswer } from "@unshift/contracts/services";
import type { Generation, Model } from "@unshift/native";

/**
 * A native generation as an answer. Where the model ended by itself behind a closing fence that no stop text followed, the
 * fence is cut (`trimEnd`) and with it the ids that spell it; everything sampled stays in `raw` and `rawIds`. A fence that
 * closes a code block of the answer is no end of it and stays.
 */
export function finishAnswer(
  model: Model,
  generation: Generation,
  prompt: Pick<Prompt, "trimEnd" | "codeBlocks">,
): GeneratedAnswer {
  const rawIds = Array.from(generation.ids);
  const whole: GeneratedAnswer = {
    ids: rawIds.slice(0, generation.answerLength),
    rawIds,
    text: generation.text,
    raw: generation.raw,
    finishReason: generation.finishReason,
    stop: generation.stop,
    durationMs: generation.durationMs,
  };
  const end = generation.finishReason === "stop" || generation.inCodeBlock ? null : endOf(generation.text, prompt);
  if (end === null) {
    return whole;
  }
  const text = generation.text.slice(0, generation.text.length - end.length);
  // Counted in bytes of the ids: the text may hold replacement characters that are longer than what they stand for.
  const ended = generation.finishReason === "eos" ? 1 : 0;
  const spoken = whole.ids.slice(0, whole.ids.length - ended);
  const bytes = spoken.reduce((sum, id) => sum + model.tokenBytes(id).length, 0);
  return { ...whole, text, ids: idsWithin(model, spoken, bytes - Buffer.byteLength(end)) };
}

/** What is to be cut from the end of a text, or null. */
function endOf(text: string, prompt: Pick<Prompt, "trimEnd" | "codeBlocks">): string | null {
  // A bare fence in the first line is the prompt's own; the newline before it stands in the prompt.
  if (prompt.codeBlocks === true && /^`{3,}[ \t\r]*$/.test(text)) {
    return text;
  }
  return prompt.trimEnd?.find((end) => text.endsWith(end)) ?? null;
}

/** The leading ids whose bytes lie within the first `bytes` bytes. */
function idsWithin(model: Model, ids: readonly number[], bytes: number): number[] {
  let used = 0;
  let count = 0;
  for (const id of ids) {
    used += model.tokenBytes(id).length;
    if (used > bytes) {
      break;
    }
    count += 1;
  }
  return ids.slice(0, count);
}
