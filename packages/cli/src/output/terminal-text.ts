/** Controls, halves of surrogate pairs, and marks that reorder a line or cannot be seen. */
const unseen =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/gu;

/**
 * A text of a model, dataset or person for a terminal: line ends and tabs stay, everything else that would move the cursor, change
 * colours or reorder the line is shown by its number, so that no answer can draw over what we print.
 */
export function terminalText(text: string): string {
  return text.replace(unseen, (found) => (found === "\n" || found === "\t" ? found : codeOf(found)));
}

/** The same on one line: `⏎` and `⇥` for line ends and tabs. */
export function terminalLine(text: string): string {
  return terminalText(text).replaceAll("\n", "⏎").replaceAll("\t", "⇥");
}

function codeOf(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`;
}
