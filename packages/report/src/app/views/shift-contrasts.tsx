import type { VNode } from "preact";
import { Interval } from "../components/interval.js";
import type { RowView, TableView } from "../data/table-view.js";
import { shiftLabel, useReport } from "../state/report-context.js";
import { count, divergence, divergenceRange, percent, percentRange, real, realRange } from "../text/format.js";

/** The beginning of answers against the rest, one line a subject (paper §2.3). */
export function EarlyLate({ view }: { readonly view: TableView }): VNode {
  return (
    <Contrast
      title="Beginning and later"
      note="Mean KL(answers ‖ subject), nats, of positions 0–4 and of positions from 20 on."
    >
      {(row) =>
        row.number("early_kl") === null ? (
          <span class="muted">not known without a reference</span>
        ) : (
          <>
            <b>{divergence(row.number("early_kl"))}</b>{" "}
            <Interval estimate={row.estimate("early_kl")} text={divergenceRange} inBrackets={true} /> against{" "}
            <b>{divergence(row.number("late_kl"))}</b>{" "}
            <Interval estimate={row.estimate("late_kl")} text={divergenceRange} inBrackets={true} />:{" "}
            <b>{real(row.number("ratio"))}</b> times{" "}
            <Interval estimate={row.estimate("ratio")} text={realRange} inBrackets={true} />
          </>
        )
      }
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
            <Interval estimate={row.estimate("reference_shift_ratio")} text={percentRange} inBrackets={true} /> of{" "}
            {count(row.number("reference_positions"))} fact tokens against{" "}
            <b>{percent(row.number("other_shift_ratio"))}</b>{" "}
            <Interval estimate={row.estimate("other_shift_ratio")} text={percentRange} inBrackets={true} /> of{" "}
            {count(row.number("other_positions"))}
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
