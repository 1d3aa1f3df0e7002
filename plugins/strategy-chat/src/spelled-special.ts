import type { Message, ModelView } from "@unshift/contracts";

/** What control tokens look like: `<|end|>`, `</s>`, `<start_of_turn>`, `[INST]`, `<<SYS>>`. */
const controlLike = /<<?\/?[^\s<>'"{}]{1,40}>>?|\[\/?[A-Z_]{2,20}\]/g;

/** Control tokens that a template spells, in its source or in what it renders. */
export function controlSpellings(
  source: string,
  rendered: string,
  model: Pick<ModelView, "bosText" | "eosText">,
): readonly string[] {
  const found = new Set([...(source.match(controlLike) ?? []), ...(rendered.match(controlLike) ?? [])]);
  for (const text of [model.bosText, model.eosText]) {
    if (text !== null && text !== "") found.add(text);
  }
  return [...found].sort();
}

/**
 * Those of them that a message spells. Chat templates mix both kinds of text in one string, so such a message really ends the
 * turn or opens another; the note in the provenance makes it visible.
 */
export function spelledIn(messages: readonly Message[], spellings: readonly string[]): string[] {
  return spellings.filter((spelling) => messages.some(({ content }) => content.includes(spelling)));
}
