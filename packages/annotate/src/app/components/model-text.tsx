import type { VNode } from "preact";
import { visibleParts } from "../text/visible-text.js";

/** A text of a model or a person as plain text: line breaks kept, nothing in it unseen or alive, its own direction. */
export function ModelText({ text, empty }: { readonly text: string; readonly empty: string }): VNode {
  if (text === "") return <p class="muted">({empty})</p>;
  return (
    <div class="model-text" dir="auto">
      {visibleParts(text).map((part) => (part.named ? <code class="code-point">{part.text}</code> : part.text))}
    </div>
  );
}
