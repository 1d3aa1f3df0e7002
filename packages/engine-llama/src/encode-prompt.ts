import type { Prompt } from "@unshift/contracts";
import type { EncodedPrompt } from "@unshift/contracts/services";
import type { Model } from "@unshift/native";

/**
 * Ids of a prompt, tokenised once as a whole. The static part is found by tokenising it too and taking the common leading
 * ids: cutting the text first would change ids at the seam.
 */
export function encodePrompt(model: Model, prompt: Prompt): EncodedPrompt {
  const options = { addBos: prompt.bos === "auto" && model.vocabulary.addBos, parseSpecial: prompt.parseSpecial };
  const ids = model.encode(prompt.text, options);
  if (prompt.staticChars <= 0) {
    return { prompt, ids, prefixLength: 0 };
  }
  const prefix = model.encode(prompt.text.slice(0, prompt.staticChars), options);
  // At least one id stays behind the prefix: the row of logits before the answer comes from it.
  const limit = Math.min(prefix.length, ids.length - 1);
  let prefixLength = 0;
  while (prefixLength < limit && prefix[prefixLength] === ids[prefixLength]) {
    prefixLength += 1;
  }
  return { prompt, ids, prefixLength };
}
