import type { ComparisonRecord, Table } from "@unshift/contracts";
import { shifted } from "../positions/shift-positions.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { lastBySample } from "./last-by-sample.js";
import { hasReference, type OpenedShift } from "./opened-shift.js";
import { shiftColumns } from "./shift-columns.js";
import { buildTable, count, estimated, flag } from "./table-columns.js";

interface Row extends OpenedShift {
  readonly comparisons: readonly ComparisonRecord[];
}

/** One row per shift: everything that is averaged over its positions, and what was not compared. */
export function shiftSummary(shifts: readonly OpenedShift[]): Table {
  const having = (row: Row, fits: (comparison: ComparisonRecord) => boolean): number =>
    row.comparisons.filter(fits).length;
  return buildTable<Row>(
    "shift_summary",
    "Shifts",
    [
      ...shiftColumns<Row>(),
      count(
        "positions",
        "positions",
        "Positions compared; an answer's ending token counts.",
        (row) => row.positions.rows,
      ),
      count("samples", "samples", "Samples with at least one position.", (row) => row.positions.occupied.length),
      count(
        "conversations",
        "conversations",
        "Conversations of these samples, resampled as wholes: samples that follow each other are one.",
        ({ positions: { occupied, conversations } }) => new Set(Array.from(occupied, (s) => conversations[s])).size,
      ),
      flag(
        "has_reference",
        "False where the answers came without a model: ids are their text tokenised anew, and what needs a reference is null.",
        hasReference,
      ),
      count("empty", "samples", "Samples compared whose answer has no token.", (row) =>
        having(row, ({ status, positions }) => status === "scored" && positions === 0),
      ),
      count("skipped", "samples", "Samples that could not be compared, such as no answer or too long.", (row) =>
        having(row, ({ status }) => status === "skipped"),
      ),
      count("failed", "samples", "Samples whose comparison failed.", (row) =>
        having(row, ({ status }) => status === "failed"),
      ),
      ...estimated<Row>(
        "unshifted",
        "share",
        "Positions whose token has subject rank 1.",
        (row) => row.estimates.unshifted,
      ),
      ...estimated<Row>(
        "marginal",
        "share",
        "Positions whose token has subject rank 2 or 3.",
        (row) => row.estimates.marginal,
      ),
      ...estimated<Row>(
        "shifted",
        "share",
        "Positions whose token has a subject rank above 3.",
        (row) => row.estimates.shifted,
      ),
      ...estimated<Row>("mean_kl", "nats", "Mean KL(reference ‖ subject).", (row) => row.estimates.meanKl),
      ...estimated<Row>(
        "mean_kl_reverse",
        "nats",
        "Mean KL(subject ‖ reference).",
        (row) => row.estimates.meanKlReverse,
      ),
      ...estimated<Row>("mean_js", "nats", "Mean Jensen–Shannon divergence.", (row) => row.estimates.meanJs),
      ...estimated<Row>("mean_tv", "share", "Mean total variation distance.", (row) => row.estimates.meanTv),
      ...estimated<Row>(
        "mean_subject_rank",
        "rank",
        "Mean rank of the token under the subject.",
        (row) => row.estimates.meanSubjectRank,
      ),
      ...estimated<Row>(
        "mean_subject_probability",
        "share",
        "Mean probability of the token under the subject.",
        (row) => row.estimates.meanSubjectProbability,
      ),
      ...estimated<Row>(
        "mean_reference_probability",
        "share",
        "Mean probability of the token under the reference.",
        (row) => row.estimates.meanReferenceProbability,
      ),
      ...estimated<Row>(
        "mean_reference_entropy",
        "nats",
        "Mean entropy of the reference.",
        (row) => row.estimates.meanReferenceEntropy,
      ),
      ...estimated<Row>(
        "mean_subject_entropy",
        "nats",
        "Mean entropy of the subject.",
        (row) => row.estimates.meanSubjectEntropy,
      ),
      ...estimated<Row>(
        "mean_reference_dropped_mass",
        "share",
        "Mean mass the reference has on ids the subject lacks.",
        (row) => whereDropped(row.shift.columns.referenceDroppedMass, row.estimates.meanReferenceDroppedMass),
      ),
      ...estimated<Row>(
        "mean_subject_dropped_mass",
        "share",
        "Mean mass the subject has on ids the reference lacks.",
        (row) => whereDropped(row.shift.columns.subjectDroppedMass, row.estimates.meanSubjectDroppedMass),
      ),
      count("distinct_tokens", "tokens", "Distinct token ids.", (row) => row.tokens.ids.length),
      count("distinct_shifted_tokens", "tokens", "Distinct token ids that are shifted at least once.", distinctShifted),
    ],
    shifts.map((shift) => ({ ...shift, comparisons: lastBySample(shift.shift.comparisons) })),
  );
}

function whereDropped(column: Float64Array | null, estimate: Estimate): Estimate {
  return column === null ? undefinedEstimate : estimate;
}

function distinctShifted({ tokens }: OpenedShift): number {
  let distinct = 0;
  for (let i = 0; i < tokens.ids.length; i++) if ((tokens.byClass[i * 3 + shifted] as number) > 0) distinct++;
  return distinct;
}
