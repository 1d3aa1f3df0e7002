import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { ModelText } from "../components/model-text.js";
import { count } from "../text/format.js";

/** Longest text that stands open. */
const openLength = 280;

interface RationaleProps {
  readonly text: string;
  readonly name?: string;
  /** Default: where it is long. */
  readonly isFolded?: boolean;
}

/** What a judge wrote: short texts stand there, long ones are folded and laid out when they are opened. */
export function Rationale({
  text,
  name = "Rationale",
  isFolded = text.length > openLength,
}: RationaleProps): VNode | null {
  const [open, setOpen] = useState(false);
  if (text.trim() === "") return null;
  if (!isFolded) return <ModelText text={text} class="rationale" />;
  return (
    <details class="fold inner" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {name} <span class="muted">{count(text.length)} characters</span>
      </summary>
      {open ? <ModelText text={text} class="rationale long" /> : null}
    </details>
  );
}
