import type { Table } from "@unshift/contracts";
import { byConversation, type ShiftPositions } from "../positions/shift-positions.js";
import { clusterBootstrap, ratioOf } from "../statistics/cluster-bootstrap.js";
import { type ClusterSums, clusterSums, totalsOf } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import type { OpenedShift } from "./opened-shift.js";
import { shiftColumns } from "./shift-columns.js";
import { buildTable, count, estimated } from "./table-columns.js";

/** Positions 0 … 4 are early, 20 and later ones late. */
const earlyEnd = 5;
const lateStart = 20;

const earlyPositions = 0;
const earlyKl = 1;
const latePositions = 2;
const lateKl = 3;

interface Row {
  readonly shift: OpenedShift["shift"];
  readonly totals: Float64Array;
  readonly lateSamples: number;
  readonly early: Estimate;
  readonly late: Estimate;
  readonly ratio: Estimate;
}

/** Paper §2, figure 4: the shift is largest at an answer's beginning. */
export function earlyLate(shifts: readonly OpenedShift[], seed: number): Table {
  return buildTable<Row>(
    "early_late",
    "Divergence at the beginning and later",
    [
      ...shiftColumns<Row>(),
      count("early_positions", "positions", "Positions 0 to 4.", (row) => row.totals[earlyPositions] ?? 0),
      count("late_positions", "positions", "Positions from 20 on.", (row) => row.totals[latePositions] ?? 0),
      count("late_samples", "samples", "Samples whose answers reach position 20.", (row) => row.lateSamples),
      ...estimated<Row>("early_kl", "nats", "Mean KL(reference ‖ subject) at positions 0 to 4.", (row) => row.early),
      ...estimated<Row>("late_kl", "nats", "Mean KL(reference ‖ subject) at positions from 20 on.", (row) => row.late),
      ...estimated<Row>("ratio", "ratio", "early_kl / late_kl.", (row) => row.ratio),
    ],
    shifts.map(({ shift, positions }) => {
      const sums = earlyAndLateSums(positions);
      const [early, late, ratio] = clusterBootstrap(
        byConversation(positions, sums, positions.occupied),
        [
          ratioOf(earlyKl, earlyPositions),
          ratioOf(lateKl, latePositions),
          (totals) => ratioOf(earlyKl, earlyPositions)(totals) / ratioOf(lateKl, latePositions)(totals),
        ],
        seededRandom(seed, `early_late ${shift.id}`),
      );
      let lateSamples = 0;
      for (let cluster = 0; cluster < sums.clusters; cluster++)
        if ((sums.data[cluster * 4 + latePositions] as number) > 0) lateSamples++;
      return {
        shift,
        totals: totalsOf(sums),
        lateSamples,
        early: early ?? undefinedEstimate,
        late: late ?? undefinedEstimate,
        ratio: ratio ?? undefinedEstimate,
      };
    }),
  );
}

function earlyAndLateSums({ columns, starts, occupied }: ShiftPositions): ClusterSums {
  const sums = clusterSums(occupied.length, 4);
  const sumKl = (from: number, to: number): number => {
    let sum = 0;
    for (let row = from; row < to; row++) sum += columns.klReferenceSubject[row] as number;
    return sum;
  };
  for (const [cluster, sample] of occupied.entries()) {
    const from = starts[sample] as number;
    const end = starts[sample + 1] as number;
    const early = Math.min(end, from + earlyEnd);
    const late = Math.min(end, from + lateStart);
    sums.data.set([early - from, sumKl(from, early), end - late, sumKl(late, end)], cluster * 4);
  }
  return sums;
}
