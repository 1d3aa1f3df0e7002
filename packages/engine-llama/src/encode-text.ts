import type { Model } from "@unshift/native";

/** Texts no word piece crosses: what follows one is tokenised as if it went on, without a space put in front. */
const seams = ["\n", "\t", "\u0001"];

/**
 * Ids of a text that continues another one. SentencePiece vocabularies put a space before whatever they are given; a continuation
 * must not get one, so it is tokenised behind a seam whose ids are cut off again. Vocabularies that add nothing, and the rare
 * ones that join every seam with the text, tokenise it as it stands.
 */
export function encodeText(model: Model, text: string): Int32Array {
  if (text === "" || !putsSpaceInFront(model)) {
    return model.encode(text);
  }
  for (const seam of seams) {
    const head = model.encode(seam);
    const whole = model.encode(seam + text);
    if (head.length > 0 && head.every((id, index) => whole[index] === id)) {
      return whole.slice(head.length);
    }
  }
  return model.encode(text);
}

function putsSpaceInFront(model: Model): boolean {
  const { type } = model.vocabulary;
  return (type === "spm" || type === "ugm") && model.decode(model.encode("a")).startsWith(" ");
}
