import type { VNode } from "preact";
import type { RowView, TableView } from "../data/table-view.js";
import { shiftLabel, useReport } from "../state/report-context.js";
import { count, percent, percentRange, real, realRange } from "../text/format.js";

/** The beginning of answers against the rest, one line a subject (paper §2.3). */
export function EarlyLate({ view }: { readonly view: TableView }): VNode {
  return (
    <Contrast
      title="Beginning and later"
      note="Mean KL(answers ‖ subject), nats, of positions 0–4 and of positions from 20 on."
    >
      {(row) => (
        <>
          <b>{real(row.number("early_kl"))}</b>{" "}
          <Range text={realRange(row.estimate("early_kl").low, row.estimate("early_kl").high)} /> against{" "}
          <b>{real(row.number("late_kl"))}</b>{" "}
          <Range text={realRange(row.estimate("late_kl").low, row.estimate("late_kl").high)} />:{" "}
          <b>{real(row.number("ratio"))}</b> times{" "}
          <Range text={realRange(row.estimate("ratio").low, row.estimate("ratio").high)} />
        </>
      )}
      {view}
    </Contrast>
  );
}

/** Tokens of the fact against the tokens around them. */
export function ReferenceTokens({ view }: { readonly view: TableView }): VNode {
  return (
    <Contrast
      title="Facts and the rest"
      note="Shifted share of tokens that state the fact, and of the other tokens of the same answers."
    >
      {(row) =>
        row.number("reference_positions") === 0 ? (
          <span class="muted">no answer states its fact</span>
        ) : (
          <>
            <b>{percent(row.number("reference_shift_ratio"))}</b>{" "}
            <Range
              text={percentRange(row.estimate("reference_shift_ratio").low, row.estimate("reference_shift_ratio").high)}
            />{" "}
            of {count(row.number("reference_positions"))} fact tokens against{" "}
            <b>{percent(row.number("other_shift_ratio"))}</b>{" "}
            <Range text={percentRange(row.estimate("other_shift_ratio").low, row.estimate("other_shift_ratio").high)} />{" "}
            of {count(row.number("other_positions"))}
          </>
        )
      }
      {view}
    </Contrast>
  );
}

interface ContrastProps {
  readonly title: string;
  readonly note: string;
  readonly children: [(row: RowView) => VNode, TableView];
}

function Contrast({ title, note, children: [line, view] }: ContrastProps): VNode {
  const { data } = useReport();
  const { shifts } = data.summary;
  return (
    <div class="contrast">
      <h3>{title}</h3>
      <p class="muted small">{note}</p>
      <ul>
        {shifts.map((shift, index) => {
          const row = view.rows.find((candidate) => candidate.text("shift") === shift.id);
          return row === undefined ? null : (
            <li>
              <i class={`series-mark s${index % 6}`} />
              <span>
                <bdi>{shiftLabel(shift, shifts)}</bdi>: {line(row)}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Range({ text }: { readonly text: string }): VNode | null {
  return text === "" ? null : <span class="interval">({text})</span>;
}
