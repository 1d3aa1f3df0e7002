import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { JudgeHead } from "../../payload/format.js";
import { DotPlot } from "../charts/dot-plot.js";
import { Radar } from "../charts/radar.js";
import type { RowView, TableView } from "../data/table-view.js";
import { hasProfile } from "../state/judge-profile.js";
import { useReport } from "../state/report-context.js";
import { systemSeries } from "../state/system-series.js";
import { estimateText } from "../text/score-text.js";
import { JudgeName } from "./judge-name.js";
import { ScoreTable } from "./score-table.js";
import { SystemKey } from "./system-key.js";

/** More lines than this cannot be told apart in one chart. */
const mostDrawn = 6;

/** What one judge made of every system: a radar of its aspects, the means with their intervals, and the figures as a table. */
export function JudgeProfile({ judge, view }: { readonly judge: JudgeHead; readonly view: TableView }): VNode {
  const { data } = useReport();
  const series = systemSeries(data.summary);
  const rows = view.rows.filter((row) => row.text("judge") === judge.id);
  const cell = new Map(rows.map((row) => [JSON.stringify([row.text("system"), row.text("aspect")]), row]));
  const rowOf = (system: string, aspect: string): RowView | null => cell.get(JSON.stringify([system, aspect])) ?? null;
  const scored = data.summary.systems.flatMap(({ id }, at) =>
    rows.some((row) => row.text("system") === id && (row.number("n") ?? 0) > 0)
      ? [{ id, series: series[at] ?? at }]
      : [],
  );
  const [shown, setShown] = useState<ReadonlySet<string>>(
    () => new Set(scored.slice(0, mostDrawn).map(({ id }) => id)),
  );
  const toggle = (system: string): void => {
    const next = new Set(shown);
    if (!next.delete(system)) next.add(system);
    setShown(next);
  };
  const drawn = scored.filter(({ id }) => shown.has(id));
  const heading = `judge-${judge.id}`;
  return (
    <section class="profile" aria-labelledby={heading}>
      <h2 id={heading}>
        Scores by <JudgeName judge={judge} />
      </h2>
      {scored.length === 0 ? (
        <p class="note">This judge scored no answer.</p>
      ) : (
        <>
          <SystemKey systems={scored} shown={shown} onToggle={toggle} />
          {scored.length > mostDrawn ? (
            <p class="muted small">Press a system to show or hide it in the charts; the table has all.</p>
          ) : null}
          <div class={hasProfile(judge) ? "profile-charts" : ""}>
            {hasProfile(judge) ? (
              <Radar
                title={`Mean scores by ${judge.person ?? judge.id}`}
                axes={judge.aspects.map(({ title, min, max }) => ({ label: title, min, max }))}
                series={drawn.map(({ id, series: index }) => ({
                  label: id,
                  index,
                  values: judge.aspects.map((aspect) => rowOf(id, aspect.id)?.number("mean") ?? null),
                }))}
              />
            ) : null}
            <DotPlot
              title="Means with 95 % intervals"
              unit={
                judge.aspects.every(({ isScaleKnown }) => isScaleKnown)
                  ? "over the judge’s scale"
                  : "over the scores seen"
              }
              isShare={judge.aspects.every(({ isShare }) => isShare)}
              rows={judge.aspects.map((aspect) => ({
                label: aspect.title,
                min: aspect.min,
                max: aspect.max,
                points: drawn.flatMap(({ id, series: index }) => {
                  const row = rowOf(id, aspect.id);
                  if (row === null) return [];
                  const estimate = row.estimate("mean");
                  return [{ label: id, index, estimate, text: estimateText(estimate, aspect, row.number("n")) }];
                }),
              }))}
            />
          </div>
        </>
      )}
      <ScoreTable judge={judge} rowOf={rowOf} />
    </section>
  );
}
