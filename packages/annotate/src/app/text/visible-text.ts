export interface TextPart {
  readonly text: string;
  /** A character that would be unseen or reorder the line, by its code point. */
  readonly named: boolean;
}

const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/u;
const stretches = new RegExp(`((?!\\n|\\t)${unseen.source})`, "gsu");

/** Splits a text so that nothing in it stays unseen; line breaks and tabs stay as they are. */
export function visibleParts(text: string): TextPart[] {
  return text
    .split(stretches)
    .map((piece, index) => ({ piece, named: index % 2 === 1 }))
    .filter(({ piece }) => piece !== "")
    .map(({ piece, named }) => ({ text: named ? codePoint(piece) : piece, named }));
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
