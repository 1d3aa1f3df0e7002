import type { VNode } from "preact";
import type { Mode, ShownAspect } from "../../protocol.js";
import { type Choices, choicesOf } from "../state/draft.js";

interface AspectFieldProps {
  readonly mode: Mode;
  readonly aspect: ShownAspect;
  readonly choices: Choices;
  /** Keys go to this one. */
  readonly marked: boolean;
  readonly onChoose: (value: Choices[string]) => void;
  readonly onMark: () => void;
}

/** One aspect with all that it can be given, as radio buttons. */
export function AspectField({ mode, aspect, choices, marked, onChoose, onMark }: AspectFieldProps): VNode {
  return (
    <fieldset class={`aspect ${mode} ${marked ? "marked" : ""}`} id={`aspect-${aspect.id}`} onFocusIn={onMark}>
      <legend>
        {aspect.title} {aspect.hint === "" ? null : <span class="hint">{aspect.hint}</span>}
      </legend>
      <div class="choices">
        {choicesOf(mode, aspect).map(({ value, label, key, spoken }) => (
          <label class="choice" title={`${spoken} (${key})`}>
            <input
              type="radio"
              name={`aspect-${aspect.id}`}
              value={String(value)}
              checked={Object.hasOwn(choices, aspect.id) && choices[aspect.id] === value}
              aria-label={spoken}
              onChange={() => onChoose(value)}
            />
            <span class="face" aria-hidden="true">
              {label}
              {mode === "pairwise" ? <kbd>{key}</kbd> : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
