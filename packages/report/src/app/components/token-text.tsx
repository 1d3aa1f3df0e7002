import type { ComponentChildren, VNode } from "preact";
import type { TokenEntry } from "../../payload/format.js";
import { inlineText, visibleParts } from "../text/visible-text.js";

/** A token in running text: real spaces and line breaks, both visible where the token is chosen; controls by name. */
export function flowingToken([, text, special]: TokenEntry): ComponentChildren {
  if (special === 1) return <b class="special">{text === "" ? "␀" : inlineText(text)}</b>;
  if (isBytes(text)) return <code class="byte">{text}</code>;
  if (text === "") return <code class="byte">∅</code>;
  const parts = visibleParts(text);
  if (parts.length === 1 && parts[0]?.kind === "plain") return text;
  return parts.map((part) => {
    if (part.kind === "newline") return [<i class="newline">⏎</i>, "\n"];
    if (part.kind === "tab") return <i class="tab">{"\t"}</i>;
    if (part.kind === "space") return <i class="space">{part.text}</i>;
    if (part.kind === "code") return <code class="code-point">{part.text}</code>;
    return part.text;
  });
}

/** A token standing alone, in a list or a table: on one line, spaces as dots. */
export function TokenChip({
  token: [id, text, special],
  class: className = "",
}: {
  readonly token: TokenEntry;
  readonly class?: string;
}): VNode {
  const kind = special === 1 ? "special" : isBytes(text) ? "byte" : "";
  const shown = text === "" ? "∅" : inlineText(text);
  return (
    <span class={`chip ${kind} ${className}`} title={id >= 0 ? `${shortened(shown)} · id ${id}` : shortened(shown)}>
      <bdi>{shown}</bdi>
    </span>
  );
}

/** Bytes of a character that several tokens share, as the vocabulary shows them: `\xE2\x80`. */
function isBytes(text: string): boolean {
  return /^(?:\\x[0-9A-F]{2})+$/.test(text);
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
