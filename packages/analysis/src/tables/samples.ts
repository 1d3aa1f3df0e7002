import type { ComparisonRecord, Table } from "@unshift/contracts";
import { sumColumn } from "../positions/shift-estimates.js";
import { marginal, shifted, unshifted } from "../positions/shift-positions.js";
import { lastBySample } from "./last-by-sample.js";
import { hasReference, type OpenedShift } from "./opened-shift.js";
import { shiftColumns } from "./shift-columns.js";
import { buildTable, count, figure, shareOf, text } from "./table-columns.js";

interface Row extends OpenedShift {
  readonly sampleId: string;
  readonly status: ComparisonRecord["status"];
  /** Row of `sums`; −1 where the sample has no position. */
  readonly cluster: number;
  /** Row with the largest KL; −1 likewise, and where there is no reference. */
  readonly peak: number;
}

/** One row per shift and sample, sorted by sample id; samples that were not compared are there with their status. */
export function samplesTable(shifts: readonly OpenedShift[]): Table {
  const sum = (column: number) => (row: Row) => sumAt(row, column);
  return buildTable<Row>(
    "samples",
    "Samples",
    [
      ...shiftColumns<Row>(),
      text("sample", "Sample id.", (row) => row.sampleId),
      text("status", "scored, skipped or failed.", (row) => row.status),
      count("positions", "positions", "Positions compared.", sum(0)),
      count("unshifted", "positions", "Of them unshifted.", sum(1 + unshifted)),
      count("marginal", "positions", "Of them marginal.", sum(1 + marginal)),
      count("shifted", "positions", "Of them shifted.", sum(1 + shifted)),
      figure("shifted_share", "share", "Shifted over positions.", (row) =>
        shareOf(sumAt(row, 1 + shifted), sumAt(row, 0)),
      ),
      figure("mean_kl", "nats", "Mean KL(reference ‖ subject).", (row) =>
        shareOf(sumAt(row, sumColumn("meanKl")), sumAt(row, 0)),
      ),
      figure(
        "max_kl",
        "nats",
        "Largest KL(reference ‖ subject).",
        (row) => row.shift.columns.klReferenceSubject[row.peak] ?? null,
      ),
      count(
        "max_kl_position",
        "position",
        "First position with the largest KL.",
        (row) => row.shift.columns.position[row.peak] ?? null,
      ),
    ],
    shifts.flatMap(rowsOf),
  );
}

function sumAt({ sums, cluster }: Row, column: number): number {
  return cluster < 0 ? 0 : (sums.data[cluster * sums.width + column] as number);
}

function rowsOf(opened: OpenedShift): Row[] {
  const { columns, occupied, starts } = opened.positions;
  const rows = new Map<string, Row>();
  for (const { sampleId, status } of lastBySample(opened.shift.comparisons)) {
    rows.set(sampleId, { ...opened, sampleId, status, cluster: -1, peak: -1 });
  }
  for (const [cluster, sample] of occupied.entries()) {
    const sampleId = columns.sampleIds[sample] as string;
    let peak = starts[sample] as number;
    for (let row = peak + 1; row < (starts[sample + 1] as number); row++) {
      if ((columns.klReferenceSubject[row] as number) > (columns.klReferenceSubject[peak] as number)) peak = row;
    }
    rows.set(sampleId, { ...opened, sampleId, status: "scored", cluster, peak: hasReference(opened) ? peak : -1 });
  }
  return [...rows.values()].sort((a, b) => (a.sampleId < b.sampleId ? -1 : 1));
}
