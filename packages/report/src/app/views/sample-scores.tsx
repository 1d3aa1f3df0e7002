import type { VNode } from "preact";
import { SeriesSwatch } from "../charts/marker.js";
import { useReport } from "../state/report-context.js";
import { systemSeries } from "../state/system-series.js";
import type { VerdictFilter } from "../state/verdict-filter.js";
import { scoreText } from "../text/score-text.js";

/** Lines that a row of the list has room for. */
const mostShown = 3;

/** Scores of a sample in the chosen aspect, a line a system, in the list of samples. */
export function SampleScores({ sample, filter }: { readonly sample: number; readonly filter: VerdictFilter }): VNode {
  const { data } = useReport();
  const { systems, judges } = data.summary;
  const series = systemSeries(data.summary);
  const aspect = judges[filter.judge ?? -1]?.aspects[filter.aspect ?? -1];
  const scores = systems.flatMap(({ id }, at) => {
    if (filter.system !== null && filter.system !== at) return [];
    const score = data.scores(filter.judge ?? -1, filter.aspect ?? -1, at)?.[sample] ?? Number.NaN;
    return Number.isNaN(score) ? [] : [{ id, score, series: series[at] ?? at }];
  });
  if (aspect === undefined || scores.length === 0) return <span class="sample-figures muted">no score</span>;
  const share = (score: number): string =>
    `${(aspect.max === aspect.min ? 1 : (score - aspect.min) / (aspect.max - aspect.min)) * 100}%`;
  return (
    <span class="sample-figures sample-scores">
      {scores.slice(0, mostShown).map(({ id, score, series: own }) => (
        <span>
          <SeriesSwatch series={own} />
          <bdi>{id}</bdi>
          <span class="score-bar" aria-hidden="true">
            <i class="filled" style={{ width: share(score) }} />
          </span>
          <b>{scoreText(score)}</b>
        </span>
      ))}
      {scores.length > mostShown ? <span class="muted">and {scores.length - mostShown} more</span> : null}
    </span>
  );
}
