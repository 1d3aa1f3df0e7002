import type { Table } from "@unshift/contracts";
import { type TokenCategory, tokenCategories } from "../categories/token-category.js";
import { categoriesOf } from "../positions/position-categories.js";
import { byConversation, type ShiftPositions } from "../positions/shift-positions.js";
import { type ClusterSums, clusterSums, selectClusters, totalsOf } from "../statistics/cluster-sums.js";
import { seededRandom } from "../statistics/seeded-random.js";
import type { OpenedShift } from "./opened-shift.js";
import { estimateGroup, type GroupShares, groupColumns, groupWidth } from "./shares-by-group.js";
import { shiftColumns } from "./shift-columns.js";
import { buildTable, count, figure, shareOf, text } from "./table-columns.js";

interface Row extends OpenedShift {
  readonly category: TokenCategory;
  /** Over the samples in which the category occurs. */
  readonly inCategory: ClusterSums;
  readonly shares: GroupShares;
}

/** Class shares by kind of token; every category has a row, also where it does not occur. */
export function classesByCategory(shifts: readonly OpenedShift[], seed: number): Table {
  return buildTable<Row>(
    "classes_by_category",
    "Classes by token category",
    [
      ...shiftColumns<Row>(),
      text("category", "special, format, punctuation, number, discourse, stopword or other.", (row) => row.category),
      count("samples", "samples", "Samples in whose answers the category occurs.", (row) => row.inCategory.clusters),
      count("positions", "positions", "Positions of the category.", (row) => totalsOf(row.inCategory)[0] ?? 0),
      figure("share_of_positions", "share", "Share of all positions.", (row) =>
        shareOf(totalsOf(row.inCategory)[0] ?? 0, row.positions.rows),
      ),
      ...groupColumns<Row>(),
    ],
    shifts.flatMap((opened) => {
      const sums = sumsByCategory(opened.positions);
      return tokenCategories.map((category, code) => {
        const all = sums[code] ?? clusterSums(0, groupWidth);
        const having = clustersWithPositions(all);
        const inCategory = selectClusters(all, having);
        const occupied = having.map((cluster) => opened.positions.occupied[cluster] as number);
        const random = seededRandom(seed, `classes_by_category ${opened.shift.id} ${category}`);
        return {
          ...opened,
          category,
          inCategory,
          shares: estimateGroup(byConversation(opened.positions, inCategory, occupied), random),
        };
      });
    }),
  );
}

function sumsByCategory(positions: ShiftPositions): ClusterSums[] {
  const { columns, starts, occupied, classes } = positions;
  const categories = categoriesOf(positions);
  const sums = tokenCategories.map(() => clusterSums(occupied.length, groupWidth));
  const tables = sums.map(({ data }) => data);
  for (const [cluster, sample] of occupied.entries()) {
    const at = cluster * groupWidth;
    for (let row = starts[sample] as number; row < (starts[sample + 1] as number); row++) {
      const data = tables[categories[row] as number] as Float64Array;
      const of = at + 1 + (classes[row] as number);
      data[at] = (data[at] as number) + 1;
      data[of] = (data[of] as number) + 1;
      data[at + 4] = (data[at + 4] as number) + (columns.klReferenceSubject[row] as number);
    }
  }
  return sums;
}

function clustersWithPositions({ clusters, width, data }: ClusterSums): number[] {
  const having: number[] = [];
  for (let cluster = 0; cluster < clusters; cluster++) if ((data[cluster * width] as number) > 0) having.push(cluster);
  return having;
}
