import type { VNode } from "preact";
import type { JudgeHead } from "../../payload/format.js";
import { TableFold } from "../components/data-table.js";
import { Interval } from "../components/interval.js";
import { ScrollBox } from "../components/scroll-box.js";
import type { Estimate, RowView, TableView } from "../data/table-view.js";
import { count, percentagePoints, real, realRange, signed } from "../text/format.js";
import { useAspect } from "./aspect-choice.js";
import { JudgeName } from "./judge-name.js";
import { useFirst } from "./show-more.js";

const first = 15;
const level = 0.05;
const [width, height] = [180, 20];

/** Every two systems on the samples both have a score on: the difference, its interval, p and p adjusted by Holm. */
export function ScoreDifferences({
  judge,
  view,
}: {
  readonly judge: JudgeHead;
  readonly view: TableView;
}): VNode | null {
  const [aspect, choice] = useAspect(judge, `Aspect of the differences by ${judge.id}`);
  const own = view.rows.filter((row) => row.text("judge") === judge.id);
  const rows = own.filter((row) => row.text("aspect") === aspect?.id && (row.number("n") ?? 0) > 0);
  const [shown, more] = useFirst(rows, first);
  if (own.length === 0 || aspect === undefined) return null;
  const widest = Math.max(
    ...rows.map((row) => {
      const { value, low, high } = row.estimate("difference");
      return Math.max(Math.abs(value ?? 0), Math.abs(low ?? 0), Math.abs(high ?? 0));
    }),
    1e-9,
  );
  const text = (value: number | null): string =>
    aspect.isShare ? signed(percentagePoints(value), value) : signed(real(value), value);
  const range = (low: number | null, high: number | null): string =>
    low === null || high === null
      ? ""
      : aspect.isShare
        ? `${percentagePoints(low)} to ${percentagePoints(high)}`
        : realRange(low, high);
  const heading = `differences-${judge.id}`;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>
        Differences in the scores of <JudgeName judge={judge} />
      </h2>
      {choice === null ? null : <div class="toolbar">{choice}</div>}
      {rows.length === 0 ? (
        <p class="note">No two systems have a score on the same sample.</p>
      ) : (
        <ScrollBox class="table-scroll" label={`Differences in ${aspect.title}`}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">First − second</th>
                <th scope="col" class="number">
                  n
                </th>
                <th scope="col" class="number">
                  Difference{aspect.isShare ? " (points)" : ""}
                </th>
                <th scope="col">
                  <span class="visually-hidden">Difference as a picture</span>
                </th>
                <th scope="col" class="number" title="Two-sided sign-flip permutation test">
                  p
                </th>
                <th
                  scope="col"
                  class="number"
                  title="p adjusted by Holm for every judge, aspect and pair of systems of the run"
                >
                  p, Holm
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => {
                const estimate = row.estimate("difference");
                return (
                  <tr>
                    <th scope="row">
                      <bdi>{row.text("first")}</bdi> − <bdi>{row.text("second")}</bdi>
                    </th>
                    <td class="number">{count(row.number("n"))}</td>
                    <td class="number">
                      {text(estimate.value)}
                      <Interval estimate={estimate} text={range} />
                    </td>
                    <td>
                      <Forest estimate={estimate} widest={widest} />
                    </td>
                    <td class="number">{pFigure(row.number("p"))}</td>
                    <Adjusted row={row} />
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {more}
      {rows.length === 0 ? null : (
        <p class="muted small">
          Only samples on which both systems have a score. Holm adjusts p for all tests of the run, those of other
          judges and aspects too; below {level} it stands bold.
        </p>
      )}
      <TableFold view={view} rows={own} />
    </section>
  );
}

function Adjusted({ row }: { readonly row: RowView }): VNode {
  const p = row.number("p_adjusted");
  return <td class="number">{p !== null && p < level ? <b>{pFigure(p)}</b> : pFigure(p)}</td>;
}

function pFigure(p: number | null): string {
  return p === null ? "–" : p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** The interval beside zero; the figures stand in the column before. */
function Forest({
  estimate: { value, low, high },
  widest,
}: {
  readonly estimate: Estimate;
  readonly widest: number;
}): VNode {
  const x = (at: number): number => width / 2 + (at / widest) * (width / 2 - 8);
  return (
    <svg class="forest" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path class="zero" d={`M${width / 2} 0V${height}`} />
      {low === null || high === null ? null : <path class="range" d={`M${x(low)} ${height / 2}H${x(high)}`} />}
      {value === null ? null : <circle cx={x(value)} cy={height / 2} r="4" />}
    </svg>
  );
}
