import type { VNode } from "preact";
import { visibleParts } from "../text/visible-text.js";

/** A longer text of a model or a person: line breaks kept, nothing in it unseen, its own direction. */
export function ModelText({ text, class: className = "" }: { readonly text: string; readonly class?: string }): VNode {
  return (
    <div class={`model-text ${className}`} dir="auto">
      {visibleParts(text).map((part) =>
        part.kind === "code" ? (
          <code class="code-point">{part.text}</code>
        ) : part.kind === "newline" ? (
          "\n"
        ) : part.kind === "tab" ? (
          "\t"
        ) : (
          part.text
        ),
      )}
    </div>
  );
}
