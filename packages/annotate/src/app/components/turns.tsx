import type { VNode } from "preact";
import type { ShownTurn } from "../../protocol.js";
import { ModelText } from "./model-text.js";

const names = { user: "Person", assistant: "Assistant", system: "Setting" } as const;

/** Turns of a chat, earliest first. */
export function Turns({
  turns,
  label,
}: {
  readonly turns: readonly ShownTurn[];
  readonly label: string;
}): VNode | null {
  if (turns.length === 0) return null;
  return (
    <ol class="turns" aria-label={label}>
      {turns.map(({ role, text }) => (
        <li class={role}>
          <span class="role">{names[role]}</span>
          <ModelText text={text} empty="nothing" />
        </li>
      ))}
    </ol>
  );
}
