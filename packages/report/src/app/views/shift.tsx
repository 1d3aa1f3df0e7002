import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { CurveChart } from "../charts/curve-chart.js";
import { knownSeries } from "../charts/curve-series.js";
import { Histogram } from "../charts/histogram.js";
import { TableFold } from "../components/data-table.js";
import { GroupTable } from "../components/group-table.js";
import { SeriesKey } from "../components/series-key.js";
import { TagFolds } from "../components/tag-folds.js";
import { WithoutReference } from "../components/without-reference.js";
import { shiftLabel, useReport } from "../state/report-context.js";
import { resampledBy } from "../text/resampling-text.js";
import { EarlyLate, ReferenceTokens } from "./shift-contrasts.js";

/** Where the shift lies: along the answer, by kind of sample, by kind of token. Subjects overlaid. */
export function ShiftView(): VNode {
  const { data } = useReport();
  const { shifts } = data.summary;
  const [logPositions, setLogPositions] = useState(true);
  if (shifts.length === 0) {
    return (
      <section class="page">
        <h1>Shift</h1>
        <p class="note">This run compares no answers: it has no shift.</p>
      </section>
    );
  }
  const curves = data.table("position_curves");
  const relative = data.table("relative_positions");
  const tags = data.table("classes_by_tag");
  const categories = data.table("classes_by_category");
  const divergences = data.table("early_late");
  const early = divergences?.rows.some((row) => row.number("early_kl") !== null) ? divergences : null;
  const reference = data.table("reference_tokens");
  const curve = (
    title: string,
    unit: string,
    column: string,
    more: { isShare?: boolean; atLeast?: number; logValues?: boolean } = {},
  ): VNode | null => {
    if (curves === null || !curves.has(column)) return null;
    const series = knownSeries(curves, shifts, column, shiftLabel);
    return series.length === 0 ? null : (
      <CurveChart title={title} unit={unit} series={series} logPositions={logPositions} {...more} />
    );
  };
  return (
    <section class="page">
      <h1>Shift</h1>
      <div class="toolbar">
        <SeriesKey />
        <label class="check">
          <input
            type="checkbox"
            checked={logPositions}
            onChange={(event) => setLogPositions(event.currentTarget.checked)}
          />{" "}
          logarithmic positions
        </label>
      </div>
      <WithoutReference shifts={shifts} />
      {curves === null ? (
        <p class="note">There are no curves: no position was compared.</p>
      ) : (
        <section aria-labelledby="curves">
          <h2 id="curves">Along the answer</h2>
          <p class="muted">
            Each point is a bin of at least 30 positions; bands are 95 % intervals, resampled{" "}
            {resampledBy(data.summary.samples)}. Point at a curve to read it.
          </p>
          <div class="charts">
            {curve("KL(answers ‖ subject)", "nats", "mean_kl")}
            {curve("KL(subject ‖ answers)", "nats", "mean_kl_reverse")}
            {curve("Mean rank of the token", "rank, logarithmic", "mean_subject_rank", { logValues: true })}
            {curve("Probability of the token", "under the subject", "mean_subject_probability", {
              isShare: true,
              atLeast: 1,
            })}
            {curve("Unshifted", "share of positions", "unshifted", { isShare: true, atLeast: 1 })}
            {curve("Shifted", "share of positions", "shifted", { isShare: true })}
            {curve("Among the first five", "share with rank ≤ 5", "top5", { isShare: true, atLeast: 1 })}
            {curve("Answers that reach the position", "samples", "samples")}
          </div>
          <TableFold view={curves} />
        </section>
      )}
      <div class="two">
        {relative === null ? null : (
          <section aria-labelledby="relative">
            <h2 id="relative">Where shifted tokens stand</h2>
            <Histogram
              title="Share of shifted positions"
              unit="by position ÷ length"
              series={shifts.map((shift, index) => ({
                label: shiftLabel(shift, shifts),
                index,
                bins: relative.rows
                  .filter((row) => row.text("shift") === shift.id)
                  .map((row) => ({
                    from: row.number("from") ?? 0,
                    to: row.number("to") ?? 0,
                    value: row.number("share_of_shifted"),
                  })),
              }))}
            />
            <TableFold view={relative} />
          </section>
        )}
        {early === null && reference === null ? null : (
          <section aria-labelledby="contrasts">
            <h2 id="contrasts">{early === null || reference === null ? "Contrast" : "Two contrasts"}</h2>
            {early === null ? null : <EarlyLate view={early} />}
            {reference === null ? null : <ReferenceTokens view={reference} />}
          </section>
        )}
      </div>
      {categories === null ? null : (
        <section aria-labelledby="categories">
          <h2 id="categories">By kind of token</h2>
          <GroupTable rows={categories.rows} nameOf={(row) => row.text("category")} title="Classes by kind of token" />
          <TableFold view={categories} />
        </section>
      )}
      {tags === null ? null : (
        <section aria-labelledby="tags">
          <h2 id="tags">By kind of sample</h2>
          <TagFolds view={tags} />
          <TableFold view={tags} />
        </section>
      )}
    </section>
  );
}
