import type { Sample, Table } from "@unshift/contracts";
import { referencePositions } from "../positions/reference-positions.js";
import { byConversation, type ShiftPositions, shifted } from "../positions/shift-positions.js";
import { clusterBootstrap, ratioOf, type Statistic, shareStatistic } from "../statistics/cluster-bootstrap.js";
import { clusterSums, selectClusters, totalsOf } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import type { OpenedShift } from "./opened-shift.js";
import { shiftColumns } from "./shift-columns.js";
import { buildTable, count, estimated } from "./table-columns.js";

interface Row {
  readonly shift: OpenedShift["shift"];
  /** Samples that have references and positions, and those of them that state one. */
  readonly asked: number;
  readonly stated: number;
  /** Column totals in the order of the constants below. */
  readonly totals: Float64Array;
  readonly share: Estimate;
  readonly otherShare: Estimate;
  readonly ratio: Estimate;
}

const inReference = 0;
const shiftedInReference = 1;
const elsewhere = 2;
const shiftedElsewhere = 3;

const ratioOfShares: Statistic = (totals) =>
  ratioOf(shiftedInReference, inReference)(totals) / ratioOf(shiftedElsewhere, elsewhere)(totals);

/** Are the tokens of the fact shifted less than the tokens around them? Over answers that state the fact. */
export function referenceTokens(shifts: readonly OpenedShift[], samples: readonly Sample[], seed: number): Table {
  const referencesOf = new Map(samples.map(({ id, reference }) => [id, reference]));
  const total = (column: number) => (row: Row) => row.totals[column] ?? 0;
  return buildTable<Row>(
    "reference_tokens",
    "Tokens of the fact against the rest",
    [
      ...shiftColumns<Row>(),
      count(
        "samples_with_reference",
        "samples",
        "Samples that name accepted statements and have positions.",
        (row) => row.asked,
      ),
      count(
        "samples",
        "samples",
        "Of them those whose answer holds one: what the figures are over.",
        (row) => row.stated,
      ),
      count("reference_positions", "positions", "Positions that overlap an accepted statement.", total(inReference)),
      count("reference_shifted", "positions", "Of them shifted.", total(shiftedInReference)),
      count("other_positions", "positions", "The other positions of the same answers.", total(elsewhere)),
      count("other_shifted", "positions", "Of them shifted.", total(shiftedElsewhere)),
      ...estimated<Row>(
        "reference_shift_ratio",
        "share",
        "Shifted share of positions that overlap a statement.",
        (row) => row.share,
      ),
      ...estimated<Row>("other_shift_ratio", "share", "Shifted share of the other positions.", (row) => row.otherShare),
      ...estimated<Row>("ratio_of_ratios", "ratio", "reference_shift_ratio / other_shift_ratio.", (row) => row.ratio),
    ],
    shifts.map(({ shift, positions }) => rowOf(positions, shift, referencesOf, seed)),
  );
}

function rowOf(
  positions: ShiftPositions,
  shift: OpenedShift["shift"],
  referencesOf: ReadonlyMap<string, readonly string[]>,
  seed: number,
): Row {
  const { columns, starts, occupied, classes } = positions;
  const sums = clusterSums(occupied.length, 4);
  const stated: number[] = [];
  let asked = 0;
  for (const [cluster, sample] of occupied.entries()) {
    const references = referencesOf.get(columns.sampleIds[sample] as string) ?? [];
    if (references.length === 0) continue;
    asked++;
    const found = referencePositions(positions, sample, references);
    if (found.length === 0) continue;
    stated.push(cluster);
    const from = starts[sample] as number;
    const to = starts[sample + 1] as number;
    let shiftedRows = 0;
    for (let row = from; row < to; row++) if (classes[row] === shifted) shiftedRows++;
    const shiftedFound = found.filter((position) => classes[from + position] === shifted).length;
    sums.data.set([found.length, shiftedFound, to - from - found.length, shiftedRows - shiftedFound], cluster * 4);
  }
  const selected = selectClusters(sums, stated);
  const [share, otherShare, ratio] = clusterBootstrap(
    byConversation(
      positions,
      selected,
      stated.map((cluster) => occupied[cluster] as number),
    ),
    [shareStatistic(shiftedInReference, inReference), shareStatistic(shiftedElsewhere, elsewhere), ratioOfShares],
    seededRandom(seed, `reference_tokens ${shift.id}`),
  );
  return {
    shift,
    asked,
    stated: stated.length,
    totals: totalsOf(selected),
    share: share ?? undefinedEstimate,
    otherShare: otherShare ?? undefinedEstimate,
    ratio: ratio ?? undefinedEstimate,
  };
}
