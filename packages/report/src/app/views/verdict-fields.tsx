import type { VNode } from "preact";
import type { JudgeHead, VerdictState } from "../../payload/format.js";
import { judgeText } from "../judges/judge-name.js";
import { useReport } from "../state/report-context.js";
import type { VerdictFilter } from "../state/verdict-filter.js";

const stateNames: readonly (readonly [VerdictState, string])[] = [
  ["unparsed", "reply not understood"],
  ["inconsistent", "inconsistent"],
  ["repaired", "reply repaired"],
  ["not-applicable", "does not apply"],
  ["failed", "failed"],
];

interface VerdictFieldsProps {
  readonly filter: VerdictFilter;
  /** Sets parameters of the address; empty ones go. */
  readonly onChange: (changes: Readonly<Record<string, string>>) => void;
}

/** Narrows the list of samples by what judges said: judge and aspect, system, range of scores, state. */
export function VerdictFields({ filter, onChange }: VerdictFieldsProps): VNode | null {
  const { data } = useReport();
  const { judges, systems, verdicts } = data.summary;
  if (judges.length === 0) return null;
  const judge = filter.judge === null ? undefined : judges[filter.judge];
  const aspect = filter.aspect === null ? undefined : judge?.aspects[filter.aspect];
  const isScored = verdicts.scores.some((column) => column.judge === filter.judge && column.aspect === filter.aspect);
  const states = stateNames.filter(([name]) => judges.some((_, index) => hasState(index, name)));
  function hasState(index: number, name: VerdictState): boolean {
    return (filter.judge === null || filter.judge === index) && data.hasState(index, name);
  }
  return (
    <fieldset class="filters verdict-fields">
      <legend class="visually-hidden">Verdicts</legend>
      <select
        aria-label="Judge and aspect"
        value={judge === undefined ? "" : choiceOf(judge, aspect?.id ?? null)}
        onChange={(event) => {
          const [id = "", of = ""] = event.currentTarget.value === "" ? [] : JSON.parse(event.currentTarget.value);
          const keep: Record<string, string> =
            id === "" ? { of: "", from: "", to: "", sort: "" } : { from: "", to: "" };
          onChange({ ...keep, judge: id, aspect: of });
        }}
      >
        <option value="">every judge</option>
        {judges.map((head) => (
          <optgroup label={judgeText(head)}>
            <option value={choiceOf(head, null)}>{judgeText(head)}: every aspect</option>
            {head.judges === "pairs"
              ? null
              : head.aspects.map(({ id, title }) => (
                  <option value={choiceOf(head, id)}>
                    {judgeText(head)}: {title}
                  </option>
                ))}
          </optgroup>
        ))}
      </select>
      {aspect === undefined || !isScored ? null : (
        <>
          <select
            aria-label="System whose scores are meant"
            value={filter.system === null ? "" : (systems[filter.system]?.id ?? "")}
            onChange={(event) => onChange({ of: event.currentTarget.value })}
          >
            <option value="">any system</option>
            {systems.map(({ id }) => (
              <option value={id}>{id}</option>
            ))}
          </select>
          <span class="range-fields">
            score
            {(["from", "to"] as const).map((end) => (
              <input
                type="number"
                aria-label={end === "from" ? "Lowest score" : "Highest score"}
                placeholder={String(end === "from" ? aspect.min : aspect.max)}
                min={aspect.min}
                max={aspect.max}
                step="any"
                value={filter[end] ?? ""}
                onChange={(event) => onChange({ [end]: event.currentTarget.value })}
              />
            ))}
          </span>
        </>
      )}
      {states.length === 0 && filter.state === null ? null : (
        <select
          aria-label="State of a verdict"
          value={filter.state ?? ""}
          onChange={(event) => onChange({ state: event.currentTarget.value })}
        >
          <option value="">any state</option>
          {stateNames
            .filter(([name]) => name === filter.state || states.some(([there]) => there === name))
            .map(([name, label]) => (
              <option value={name}>{label}</option>
            ))}
        </select>
      )}
    </fieldset>
  );
}

function choiceOf(judge: JudgeHead, aspect: string | null): string {
  return JSON.stringify(aspect === null ? [judge.id] : [judge.id, aspect]);
}
