import type { Table } from "@unshift/contracts";
import { byConversation, type ShiftPositions, shifted } from "../positions/shift-positions.js";
import { clusterBootstrap, shareStatistic } from "../statistics/cluster-bootstrap.js";
import { type ClusterSums, clusterSums, totalsOf } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import type { OpenedShift } from "./opened-shift.js";
import { shiftColumns } from "./shift-columns.js";
import { buildTable, count, estimated, figure, shareOf } from "./table-columns.js";

const bins = 20;

interface Row extends OpenedShift {
  readonly bin: number;
  readonly inBin: number;
  readonly shiftedInBin: number;
  readonly share: Estimate;
}

/** Where in an answer shifted tokens stand: position / length in 20 bins of equal width. */
export function relativePositions(shifts: readonly OpenedShift[], seed: number): Table {
  return buildTable<Row>(
    "relative_positions",
    "Relative position of shifted tokens",
    [
      ...shiftColumns<Row>(),
      count("bin", "place", "Bin from 0: floor(20 · position / length).", (row) => row.bin),
      figure("from", "share", "Lower end of the bin, included.", (row) => row.bin / bins),
      figure("to", "share", "Upper end of the bin, excluded.", (row) => (row.bin + 1) / bins),
      count("positions", "positions", "Positions in the bin.", (row) => row.inBin),
      count("shifted", "positions", "Of them shifted.", (row) => row.shiftedInBin),
      figure("share_of_shifted", "share", "Share of all shifted positions that fall into the bin.", (row) =>
        shareOf(row.shiftedInBin, row.tokens.totals[shifted] ?? 0),
      ),
      ...estimated<Row>("shifted_share", "share", "Share of the bin's positions that are shifted.", (row) => row.share),
    ],
    shifts.flatMap((shift) => histogram(shift, seed)),
  );
}

function histogram(shift: OpenedShift, seed: number): Row[] {
  const sums = binSums(shift.positions);
  const statistics = Array.from({ length: bins }, (_, bin) => shareStatistic(bins + bin, bin));
  const chats = byConversation(shift.positions, sums, shift.positions.occupied);
  const shares = clusterBootstrap(chats, statistics, seededRandom(seed, `relative_positions ${shift.shift.id}`));
  const totals = totalsOf(sums);
  return Array.from({ length: bins }, (_, bin) => ({
    ...shift,
    bin,
    inBin: totals[bin] ?? 0,
    shiftedInBin: totals[bins + bin] ?? 0,
    share: shares[bin] ?? undefinedEstimate,
  }));
}

/** [samples, 20 + 20] positions, then shifted positions, of each bin. */
function binSums({ columns, starts, occupied, classes }: ShiftPositions): ClusterSums {
  const sums = clusterSums(occupied.length, 2 * bins);
  for (const [cluster, sample] of occupied.entries()) {
    for (let row = starts[sample] as number; row < (starts[sample + 1] as number); row++) {
      // Whole numbers, so that 1/20 · 20 cannot fall into the wrong bin.
      const bin = Math.floor(((columns.position[row] as number) * bins) / (columns.length[row] as number));
      const at = cluster * sums.width + bin;
      sums.data[at] = (sums.data[at] as number) + 1;
      if (classes[row] === shifted) sums.data[at + bins] = (sums.data[at + bins] as number) + 1;
    }
  }
  return sums;
}
