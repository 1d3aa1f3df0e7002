import type { VNode } from "preact";
import type { Estimate, TableView } from "../data/table-view.js";
import { hasProfile } from "../state/judge-profile.js";
import { useReport } from "../state/report-context.js";
import { count, percent, percentRange, real, realRange } from "../text/format.js";
import { systemText } from "../text/system-text.js";
import { Interval } from "./interval.js";
import { ScrollBox } from "./scroll-box.js";

/** Every system: how much it answered, how long, and what judges scored, each with n and interval. */
export function SystemsTable({ view }: { readonly view: TableView }): VNode {
  const { data } = useReport();
  const { judges, systems } = data.summary;
  const withRunaway = view.rows.some((row) => (row.number("runaway") ?? 0) > 0);
  // A judge of many aspects has a table of its own.
  const shown = judges
    .filter((judge) => !hasProfile(judge))
    .flatMap(({ id, aspects }) => aspects.map((aspect) => ({ judge: id, aspect: aspect.id, isShare: aspect.isShare })))
    .filter(({ judge, aspect }) => view.has(`${judge}.${aspect}`));
  return (
    <ScrollBox class="table-scroll" label="Systems">
      <table class="data roomy">
        <thead>
          <tr>
            <th scope="col">System</th>
            <th scope="col">Model · strategy</th>
            <th scope="col" class="number">
              Answers
            </th>
            <th scope="col" class="number">
              Mean words
            </th>
            <th scope="col" class="number" title="Share of answers that ended by the model’s own end or a stop text">
              Ended by itself
            </th>
            {withRunaway ? (
              <th
                scope="col"
                class="number"
                title="Answers that end in the same tokens over and over. Nothing is cut for it."
              >
                Runaway
              </th>
            ) : null}
            {shown.map(({ judge, aspect }) => (
              <th scope="col" class="number">
                {aspect} <span class="unit">{judge}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => {
            const system = systems.find(({ id }) => id === row.text("system"));
            const lost = (row.number("failed") ?? 0) + (row.number("skipped") ?? 0);
            return (
              <tr>
                <th scope="row">
                  <bdi>{row.text("system")}</bdi>
                </th>
                <td>
                  {systemText(system)}
                  {(row.number("imported") ?? 0) > 0 ? <span class="interval">text tokenised anew</span> : null}
                </td>
                <td class="number">
                  {count(row.number("answers"))}
                  {lost > 0 ? (
                    <span class="interval">{count(lost)} without</span>
                  ) : (row.number("empty") ?? 0) > 0 ? (
                    <span class="interval">{count(row.number("empty"))} empty</span>
                  ) : null}
                </td>
                <Figure estimate={row.estimate("mean_words")} share={false} n={null} />
                <td class="number">{percent(row.number("ended_by_itself"))}</td>
                {withRunaway ? (
                  <td class="number">
                    {count(row.number("runaway"))}
                    {(row.number("runaway") ?? 0) > 0 ? (
                      <span class="interval">{percent(row.number("runaway_share"))}</span>
                    ) : null}
                  </td>
                ) : null}
                {shown.map(({ judge, aspect, isShare }) => (
                  <Figure
                    estimate={row.estimate(`${judge}.${aspect}`)}
                    share={isShare}
                    n={row.number(`${judge}.${aspect}_n`)}
                  />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function Figure({
  estimate,
  share,
  n,
}: {
  readonly estimate: Estimate;
  readonly share: boolean;
  readonly n: number | null;
}): VNode {
  return (
    <td class="number">
      {share ? percent(estimate.value) : real(estimate.value)}
      <Interval
        estimate={estimate}
        text={share ? percentRange : realRange}
        also={n === null ? "" : `n${"\u00a0"}${count(n)}`}
      />
    </td>
  );
}
