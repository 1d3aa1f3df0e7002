/** A stretch of a model's text by how it is shown. */
export type TextPart =
  | { readonly kind: "plain" | "space"; readonly text: string }
  | { readonly kind: "newline" }
  | { readonly kind: "tab" }
  /** What would be invisible, reorder the line or is no character: shown by name. */
  | { readonly kind: "code"; readonly text: string };

/** Controls, marks that change the direction of text, separators without a shape, and halves of a surrogate pair. */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/u;
const pieces = new RegExp(`\\n|\\t| +|${unseen.source}|[^\\n\\t ]`, "gsu");

/** Splits a text so that nothing in it stays unseen. */
export function visibleParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") parts.push({ kind: "plain", text: plain });
    plain = "";
  };
  for (const [piece] of text.matchAll(pieces)) {
    const part = partOf(piece);
    if (part === null) {
      plain += piece;
      continue;
    }
    flush();
    parts.push(part);
  }
  flush();
  return parts;
}

function partOf(piece: string): TextPart | null {
  if (piece === "\n") return { kind: "newline" };
  if (piece === "\t") return { kind: "tab" };
  if (piece.startsWith(" ")) return { kind: "space", text: piece };
  if (!unseen.test(piece)) return null;
  return { kind: "code", text: `U+${(piece.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}` };
}

/** A token on one line, for labels and lists: `⏎`, `·` and codes instead of what cannot be seen. */
export function inlineText(text: string): string {
  return visibleParts(text)
    .map((part) => {
      if (part.kind === "newline") return "⏎";
      if (part.kind === "tab") return "⇥";
      if (part.kind === "space") return "·".repeat(part.text.length);
      return part.text;
    })
    .join("");
}
