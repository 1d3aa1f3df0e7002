import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { AspectHead, JudgeHead } from "../../payload/format.js";

/** Which aspect a section is about; nothing to choose where there is one. */
export function useAspect(judge: JudgeHead, label: string): readonly [AspectHead | undefined, VNode | null] {
  const [chosen, setChosen] = useState(judge.aspects[0]?.id ?? "");
  const aspect = judge.aspects.find(({ id }) => id === chosen) ?? judge.aspects[0];
  const field =
    judge.aspects.length < 2 ? null : (
      <select aria-label={label} value={aspect?.id ?? ""} onChange={(event) => setChosen(event.currentTarget.value)}>
        {judge.aspects.map(({ id, title }) => (
          <option value={id}>{title}</option>
        ))}
      </select>
    );
  return [aspect, field];
}
