import type { VNode } from "preact";
import type { RowView } from "../data/table-view.js";
import { shiftLabel, useReport } from "../state/report-context.js";
import { count, divergence, percent, percentRange } from "../text/format.js";
import { inlineText } from "../text/visible-text.js";
import { ClassBar } from "./class-bar.js";
import { Interval } from "./interval.js";
import { ScrollBox } from "./scroll-box.js";

interface GroupTableProps {
  readonly rows: readonly RowView[];
  readonly nameOf: (row: RowView) => string;
  readonly title: string;
  /** Also tells how many samples a group has: column `samples`. */
  readonly withSamples?: boolean;
}

/** Class shares of groups of positions: a line for each group and subject. */
export function GroupTable({ rows, nameOf, title, withSamples = false }: GroupTableProps): VNode {
  const { data } = useReport();
  const { shifts } = data.summary;
  const occurring = rows.filter((row) => (row.number("positions") ?? 0) > 0);
  const withKl = occurring.some((row) => row.number("mean_kl") !== null);
  const groups = [...new Set(occurring.map(nameOf))];
  return (
    <ScrollBox class="table-scroll" label={title}>
      <table class="data groups">
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col">Subject</th>
            {withSamples ? (
              <th scope="col" class="number">
                Samples
              </th>
            ) : null}
            <th scope="col" class="number">
              Positions
            </th>
            <th scope="col" class="wide">
              Unshifted · marginal · shifted
            </th>
            <th scope="col" class="number">
              Shifted
            </th>
            {withKl ? (
              <th scope="col" class="number">
                Mean KL
              </th>
            ) : null}
          </tr>
        </thead>
        {groups.map((group) => {
          const lines = shifts.flatMap((shift, index) => {
            const row = occurring.find(
              (candidate) => candidate.text("shift") === shift.id && nameOf(candidate) === group,
            );
            return row === undefined ? [] : [{ row, shift, index }];
          });
          return (
            <tbody>
              {lines.map(({ row, shift, index }, line) => (
                <tr>
                  {line === 0 ? (
                    <th scope="rowgroup" rowSpan={lines.length}>
                      <bdi>{groupText(group)}</bdi>
                    </th>
                  ) : null}
                  <td class="subject">
                    <i class={`series-mark s${index % 6}`} /> <bdi>{shiftLabel(shift, shifts)}</bdi>
                  </td>
                  {withSamples ? <td class="number">{count(row.number("samples"))}</td> : null}
                  <td class="number">{count(row.number("positions"))}</td>
                  <td class="wide">
                    <ClassBar row={row} thin={true} />
                  </td>
                  <td class="number">
                    {percent(row.number("shifted"))}
                    <Interval estimate={row.estimate("shifted")} text={percentRange} />
                  </td>
                  {withKl ? <td class="number">{divergence(row.number("mean_kl"))}</td> : null}
                </tr>
              ))}
            </tbody>
          );
        })}
      </table>
    </ScrollBox>
  );
}

function groupText(group: string): string {
  const shown = inlineText(group).replaceAll("·", " ");
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}
