import { normalText } from "@unshift/contracts";

/**
 * Whether the answer states the fact: one of the accepted references stands in it as whole words. Case, diacritics and
 * thousands separators do not matter; what is said about the reference ("not Paris") does.
 */
export function statesFact(answer: string, references: readonly string[]): boolean {
  const text = normalText(answer);
  return references
    .map(normalText)
    .filter((reference) => reference !== "")
    .some((reference) => occurs(text, reference));
}

/** Whether any reference says something that can be sought. */
export function isCheckable(references: readonly string[]): boolean {
  return references.some((reference) => normalText(reference) !== "");
}

function occurs(text: string, reference: string): boolean {
  for (let at = text.indexOf(reference); at >= 0; at = text.indexOf(reference, at + 1)) {
    // Two code units on either side hold the neighbouring character, also one outside the basic plane.
    const [before, after] = [
      text.slice(Math.max(0, at - 2), at),
      text.slice(at + reference.length, at + reference.length + 2),
    ];
    if (beginsWord(before, reference) && endsWord(after, reference)) return true;
  }
  return false;
}

const word = "[\\p{L}\\p{N}]";
const startsWithWord = new RegExp(`^${word}`, "u");
const endsWithWord = new RegExp(`${word}$`, "u");
/** `non-` in front of `metal`: the hyphen belongs to the word. */
const boundPrefix = /\p{L}-$/u;
/** `1.` in front of `206`, `.5` behind it: another number. */
const decimalBefore = /\p{N}[.,]$/u;
const decimalAfter = /^[.,]\p{N}/u;

function beginsWord(before: string, reference: string): boolean {
  if (!startsWithWord.test(reference)) return true;
  return (
    !endsWithWord.test(before) &&
    !boundPrefix.test(before) &&
    !(/^\p{N}/u.test(reference) && decimalBefore.test(before))
  );
}

function endsWord(after: string, reference: string): boolean {
  if (!endsWithWord.test(reference)) return true;
  return !startsWithWord.test(after) && !(/\p{N}$/u.test(reference) && decimalAfter.test(after));
}
