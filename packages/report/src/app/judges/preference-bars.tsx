import type { VNode } from "preact";
import type { JudgeHead } from "../../payload/format.js";
import { TableFold } from "../components/data-table.js";
import { Interval } from "../components/interval.js";
import type { RowView, TableView } from "../data/table-view.js";
import { useReport } from "../state/report-context.js";
import { systemSeries } from "../state/system-series.js";
import { count, percent, percentRange } from "../text/format.js";
import { useAspect } from "./aspect-choice.js";
import { JudgeName } from "./judge-name.js";
import { useFirst } from "./show-more.js";

const first = 12;

/** Wins, ties and losses of every two systems that a judge compared, one bar each; what was inconsistent stands hatched beside them. */
export function PreferenceBars({ judge, view }: { readonly judge: JudgeHead; readonly view: TableView }): VNode | null {
  const { data } = useReport();
  const [aspect, choice] = useAspect(judge, `Aspect that ${judge.id} compared`);
  const own = view.rows.filter((row) => row.text("judge") === judge.id);
  const rows = own.filter((row) => row.text("aspect") === aspect?.id);
  const [shown, more] = useFirst(rows, first);
  const series = systemSeries(data.summary);
  const place = new Map(data.summary.systems.map(({ id }, at) => [id, series[at] ?? at]));
  if (own.length === 0) return null;
  const heading = `preferences-${judge.id}`;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>
        Preferences of <JudgeName judge={judge} />
      </h2>
      {choice === null ? null : <div class="toolbar">{choice}</div>}
      <div class="preferences">
        {shown.map((row) => (
          <Pair
            key={JSON.stringify([row.text("system"), row.text("against")])}
            row={row}
            left={place.get(row.text("system")) ?? 0}
            right={place.get(row.text("against")) ?? 0}
          />
        ))}
      </div>
      {more}
      <p class="muted small">
        Shares are of decided samples, with 95 % intervals. <i class="hatch-mark" /> inconsistent: the judge named
        another answer when the two changed places; such samples are in no share but their own.
      </p>
      <TableFold view={view} rows={own} />
    </section>
  );
}

function Pair({ row, left, right }: { readonly row: RowView; readonly left: number; readonly right: number }): VNode {
  const [system, against] = [row.text("system"), row.text("against")];
  const parts = [
    { name: system, number: row.number("wins") ?? 0, column: "win_share", class: `win s${left % 6}` },
    { name: "tie", number: row.number("ties") ?? 0, column: "tie_share", class: "tie" },
    { name: against, number: row.number("losses") ?? 0, column: "loss_share", class: `loss s${right % 6}` },
  ];
  const inconsistent = row.number("inconsistent") ?? 0;
  const lost = [
    ["unparsed", "unparsed"],
    ["failed", "failed"],
    ["not_applicable", "not applicable"],
  ].flatMap(([column = "", label]) => {
    const number = row.number(column) ?? 0;
    return number > 0 ? [`${count(number)} ${label}`] : [];
  });
  const spoken = parts.map(({ name, number }) => `${name === "tie" ? "ties" : name} ${count(number)}`).join(", ");
  return (
    <article class="preference">
      <h3>
        <span>
          <bdi>{system}</bdi>
        </span>
        <span class="muted">against</span>
        <span>
          <bdi>{against}</bdi>
        </span>
        <span class="muted small right">
          {count(row.number("n"))} decided{lost.length === 0 ? "" : `; ${lost.join(", ")}`}
        </span>
      </h3>
      <div class="outcome-bar" role="img" aria-label={`${spoken}, inconsistent ${count(inconsistent)}`}>
        {parts.map(({ class: className, number }) =>
          number === 0 ? null : <span class={className} style={{ flexGrow: number }} />,
        )}
        {inconsistent === 0 ? null : <span class="inconsistent" style={{ flexGrow: inconsistent }} />}
      </div>
      <dl class="outcomes">
        {parts.map(({ name, column, number, class: className }) => (
          <div class={className}>
            <dt>
              <i class="outcome-mark" />
              {name === "tie" && className === "tie" ? (
                "neither"
              ) : (
                <>
                  <bdi>{name}</bdi> preferred
                </>
              )}
            </dt>
            <dd>
              <b>{percent(row.number(column))}</b>{" "}
              <Interval estimate={row.estimate(column)} text={percentRange} also={count(number)} />
            </dd>
          </div>
        ))}
        {inconsistent === 0 ? null : (
          <div class="inconsistent">
            <dt>
              <i class="outcome-mark" />
              inconsistent
            </dt>
            <dd>
              <b>{percent(row.number("inconsistent_share"))}</b>{" "}
              <Interval estimate={row.estimate("inconsistent_share")} text={percentRange} also={count(inconsistent)} />
            </dd>
          </div>
        )}
      </dl>
    </article>
  );
}
