import { shiftClasses } from "@unshift/contracts";
import type { VNode } from "preact";
import type { ShiftHead } from "../../payload/format.js";
import type { RowView } from "../data/table-view.js";
import { shiftLabel, useReport } from "../state/report-context.js";
import { count, divergence, divergenceRange, percent, percentRange, real, realRange } from "../text/format.js";
import { whyNothing } from "../text/left-out.js";
import { systemText } from "../text/system-text.js";
import { withoutReferenceText } from "../text/without-reference.js";
import { ClassBar } from "./class-bar.js";
import { Interval } from "./interval.js";

/** One comparison in one picture: a sentence, the bar, three shares with their intervals, and what was left out. */
export function ShiftCard({
  shift,
  index,
  row,
}: {
  readonly shift: ShiftHead;
  readonly index: number;
  readonly row: RowView | null;
}): VNode {
  const { data } = useReport();
  const system = data.summary.systems.find(({ id }) => id === shift.subject);
  const told = [
    row === null ? "" : `${count(row.number("positions"))} positions in ${count(row.number("samples"))} answers`,
    shift.skipped > 0 ? `${count(shift.skipped)} skipped` : "",
    shift.failed > 0 ? `${count(shift.failed)} failed` : "",
  ].filter(Boolean);
  return (
    <article class="shift-card">
      <header>
        <h3>
          <i class={`series-mark s${index % 6}`} />
          <bdi>{shiftLabel(shift, data.summary.shifts)}</bdi>
        </h3>
        <span class="muted">{systemText(system)}</span>
        <span class="muted right">{told.join("; ")}</span>
      </header>
      {row === null || row.number("positions") === 0 ? (
        <p class="note">
          <bdi>{whyNothing(shift)}</bdi>
        </p>
      ) : (
        <>
          <p class="sentence">
            Of {count(row.number("positions"))} tokens of <b>{shift.answers}</b>’s answers, <b>{shift.subject}</b> would
            itself have chosen <b>{percent(row.number("unshifted"))}</b>. Another {percent(row.number("marginal"))} were
            its second or third choice, and <b class="ink-shifted">{percent(row.number("shifted"))}</b> it would hardly
            have written.
          </p>
          <ClassBar row={row} />
          <dl class="shares">
            {shiftClasses.map((name) => (
              <div>
                <dt class={`token ${name}`}>{name}</dt>
                <dd>
                  <b>{percent(row.number(name))}</b>
                  <Interval estimate={row.estimate(name)} text={percentRange} />
                </dd>
              </div>
            ))}
            {shift.withoutReference ? null : (
              <div>
                <dt>mean KL</dt>
                <dd>
                  <span>
                    <b>{divergence(row.number("mean_kl"))}</b> nats
                  </span>
                  <Interval estimate={row.estimate("mean_kl")} text={divergenceRange} />
                </dd>
              </div>
            )}
            <div>
              <dt>mean rank</dt>
              <dd>
                <b>{real(row.number("mean_subject_rank"))}</b>
                <Interval estimate={row.estimate("mean_subject_rank")} text={realRange} />
              </dd>
            </div>
          </dl>
          {shift.withoutReference ? <p class="muted small">{withoutReferenceText}</p> : null}
        </>
      )}
    </article>
  );
}
