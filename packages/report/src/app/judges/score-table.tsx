import type { VNode } from "preact";
import type { JudgeHead } from "../../payload/format.js";
import { SeriesSwatch } from "../charts/marker.js";
import { Interval } from "../components/interval.js";
import { ScrollBox } from "../components/scroll-box.js";
import type { RowView } from "../data/table-view.js";
import { hasProfile } from "../state/judge-profile.js";
import { useReport } from "../state/report-context.js";
import { systemSeries } from "../state/system-series.js";
import { count, real, realRange } from "../text/format.js";
import { resampledBy } from "../text/resampling-text.js";
import { meanRange, meanText, naPolicyText } from "../text/score-text.js";

interface ScoreTableProps {
  readonly judge: JudgeHead;
  readonly rowOf: (system: string, aspect: string) => RowView | null;
}

/** A judge's means by system and aspect, each with interval and n; the average; words; and what got no score. */
export function ScoreTable({ judge, rowOf }: ScoreTableProps): VNode {
  const { data } = useReport();
  const { systems, samples } = data.summary;
  const series = systemSeries(data.summary);
  const own = (row: RowView): boolean => row.text("judge") === judge.id;
  const averages = data.table("score_averages")?.rows.filter(own) ?? [];
  const anyRow = (system: string): RowView | null =>
    data.table("scores")?.rows.find((row) => own(row) && row.text("system") === system) ?? null;
  const withAverage = hasProfile(judge) && averages.some((row) => row.number("average") !== null);
  const withWords = averages.some((row) => row.number("mean_words") !== null);
  const isAnyNotApplicable = judge.aspects.some(({ id }) =>
    systems.some((system) => (rowOf(system.id, id)?.number("aspect_not_applicable") ?? 0) > 0),
  );
  return (
    <>
      <ScrollBox class="table-scroll" label={`Scores by ${judge.person ?? judge.id}`}>
        <table class="data roomy">
          <thead>
            <tr>
              <th scope="col">System</th>
              {judge.aspects.map((aspect) => (
                <th scope="col" class="number">
                  {aspect.title}
                  <span class="interval">
                    {aspect.isShare ? "share" : `${aspect.min}–${aspect.max}${aspect.isScaleKnown ? "" : " seen"}`}
                  </span>
                </th>
              ))}
              {withAverage ? (
                <th scope="col" class="number" title="Mean of the aspects’ means">
                  Average
                </th>
              ) : null}
              {withWords ? (
                <th scope="col" class="number" title="Mean words of the scored answers">
                  Words
                </th>
              ) : null}
              <th scope="col" class="number" title="Verdicts without a score; they are in no mean">
                No score
              </th>
            </tr>
          </thead>
          <tbody>
            {systems.map(({ id }, at) => {
              const row = anyRow(id);
              if (row === null) return null;
              const average = averages.find((candidate) => candidate.text("system") === id);
              return (
                <tr>
                  <th scope="row">
                    <SeriesSwatch series={series[at] ?? at} /> <bdi>{id}</bdi>
                  </th>
                  {judge.aspects.map((aspect) => {
                    const figures = rowOf(id, aspect.id);
                    const without = figures?.number("aspect_not_applicable") ?? 0;
                    return (
                      <td class="number">
                        {meanText(figures?.number("mean") ?? null, aspect)}
                        {figures === null ? null : (
                          <>
                            <Interval estimate={figures.estimate("mean")} text={meanRange(aspect)} />
                            <span class="interval">
                              n{"\u00a0"}
                              {count(figures.number("n"))}
                              {without > 0 ? ` · ${count(without)}\u00a0N/A` : ""}
                            </span>
                          </>
                        )}
                      </td>
                    );
                  })}
                  {withAverage ? (
                    <td class="number">
                      <b>{real(average?.number("average") ?? null)}</b>
                      {average === undefined ? null : (
                        <Interval estimate={average.estimate("average")} text={realRange} />
                      )}
                    </td>
                  ) : null}
                  {withWords ? (
                    <td class="number">
                      {real(average?.number("mean_words") ?? null)}
                      {average === undefined ? null : (
                        <Interval estimate={average.estimate("mean_words")} text={realRange} />
                      )}
                    </td>
                  ) : null}
                  <NoScore row={row} />
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollBox>
      <p class="muted small">
        Small figures are 95 % intervals, resampled {resampledBy(samples)}, and n, the number of scored answers.{" "}
        {judge.naPolicy !== null
          ? naPolicyText(judge.naPolicy)
          : isAnyNotApplicable
            ? "N/A counts aspects that the judge said do not apply."
            : ""}
      </p>
    </>
  );
}

function NoScore({ row }: { readonly row: RowView }): VNode {
  const counts = [
    ["unparsed", "unparsed"],
    ["failed", "failed"],
    ["not_applicable", "not applicable"],
  ] as const;
  const told = counts.flatMap(([column, label]) => {
    const number = row.number(column) ?? 0;
    return number > 0 ? [`${count(number)} ${label}`] : [];
  });
  const repaired = row.number("repaired") ?? 0;
  return (
    <td class="number">
      {told.length === 0 ? "none" : told.map((text) => <span class="line">{text}</span>)}
      {repaired > 0 ? (
        <span class="interval" title="Replies that were not as asked for and could be read all the same">
          {count(repaired)} repaired
        </span>
      ) : null}
    </td>
  );
}
