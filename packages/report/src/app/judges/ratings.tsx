import type { VNode } from "preact";
import type { JudgeHead } from "../../payload/format.js";
import { DotPlot } from "../charts/dot-plot.js";
import { TableFold } from "../components/data-table.js";
import type { TableView } from "../data/table-view.js";
import { useReport } from "../state/report-context.js";
import { systemSeries } from "../state/system-series.js";
import { count, real, realRange } from "../text/format.js";
import { useAspect } from "./aspect-choice.js";
import { JudgeName } from "./judge-name.js";
import { useFirst } from "./show-more.js";

const first = 24;
/** Elo points that the scale's ends are rounded to. */
const step = 50;

/** Strengths of the systems on the Elo scale, strongest first, with their intervals. */
export function Ratings({ judge, view }: { readonly judge: JudgeHead; readonly view: TableView }): VNode | null {
  const { data } = useReport();
  const [aspect, choice] = useAspect(judge, `Aspect of the ratings by ${judge.id}`);
  const own = view.rows.filter((row) => row.text("judge") === judge.id);
  const rows = own.filter((row) => row.text("aspect") === aspect?.id);
  const rated = rows.filter((row) => row.number("rating") !== null);
  const [shown, more] = useFirst(rated, first);
  if (own.length === 0) return null;
  const series = systemSeries(data.summary);
  const place = new Map(data.summary.systems.map(({ id }, at) => [id, series[at] ?? at]));
  const limits = rated.flatMap((row) => {
    const { value, low, high } = row.estimate("rating");
    return [value, low, high].filter((limit) => limit !== null);
  });
  const min = Math.floor(Math.min(...limits) / step) * step;
  const max = Math.ceil(Math.max(...limits) / step) * step;
  const reason = rows.find((row) => row.text("reason") !== "")?.text("reason") ?? "";
  const heading = `ratings-${judge.id}`;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>
        Ratings from the preferences of <JudgeName judge={judge} />
      </h2>
      {choice === null ? null : <div class="toolbar">{choice}</div>}
      {rated.length === 0 ? (
        <p class="note">No ratings{reason === "" ? "" : `: ${reason}`}.</p>
      ) : (
        <DotPlot
          title="Bradley–Terry strength"
          unit="Elo scale, mean 1,000"
          rows={shown.map((row) => {
            const estimate = row.estimate("rating");
            const range = realRange(estimate.low, estimate.high);
            return {
              label: row.text("system"),
              min,
              max,
              points: [
                {
                  label: row.text("system"),
                  index: place.get(row.text("system")) ?? 0,
                  estimate,
                  text: `${real(estimate.value)}${range === "" ? "" : ` (${range})`}, ${count(row.number("n"))} comparisons`,
                },
              ],
            };
          })}
        />
      )}
      {more}
      <TableFold view={view} rows={own} />
    </section>
  );
}
