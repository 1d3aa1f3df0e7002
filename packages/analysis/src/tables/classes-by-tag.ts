import type { Sample, Table } from "@unshift/contracts";
import { byConversation } from "../positions/shift-positions.js";
import { type ClusterSums, selectClusters, totalsOf } from "../statistics/cluster-sums.js";
import { seededRandom } from "../statistics/seeded-random.js";
import type { OpenedShift } from "./opened-shift.js";
import { estimateGroup, type GroupShares, groupColumns } from "./shares-by-group.js";
import { shiftColumns } from "./shift-columns.js";
import { buildTable, count, text } from "./table-columns.js";

interface Row {
  readonly shift: OpenedShift["shift"];
  readonly tag: string;
  readonly value: string;
  readonly sums: ClusterSums;
  readonly shares: GroupShares;
}

/** Class shares by sample tag. A sample with several values of a tag counts under each of them. */
export function classesByTag(shifts: readonly OpenedShift[], samples: readonly Sample[], seed: number): Table {
  const tagsOf = new Map(samples.map(({ id, tags }) => [id, tags]));
  return buildTable<Row>(
    "classes_by_tag",
    "Classes by sample tag",
    [
      ...shiftColumns<Row>(),
      text("tag", "Name of the tag.", (row) => row.tag),
      text("value", "Value of the tag.", (row) => row.value),
      count("samples", "samples", "Samples with the value and at least one position.", (row) => row.sums.clusters),
      count("positions", "positions", "Positions of these samples.", (row) => totalsOf(row.sums)[0] ?? 0),
      ...groupColumns<Row>(),
    ],
    shifts.flatMap((shift) => rowsOf(shift, tagsOf, seed)),
  );
}

function rowsOf(
  { shift, positions, sums }: OpenedShift,
  tagsOf: ReadonlyMap<string, Sample["tags"]>,
  seed: number,
): Row[] {
  const groups = new Map<string, { readonly tag: string; readonly value: string; readonly clusters: number[] }>();
  for (const [cluster, sample] of positions.occupied.entries()) {
    const tags = tagsOf.get(positions.columns.sampleIds[sample] as string) ?? {};
    for (const [tag, values] of Object.entries(tags)) {
      for (const value of new Set(values)) {
        const key = JSON.stringify([tag, value]);
        const group = groups.get(key) ?? { tag, value, clusters: [] };
        group.clusters.push(cluster);
        groups.set(key, group);
      }
    }
  }
  return [...groups.values()]
    .sort((a, b) => compareText(a.tag, b.tag) || compareText(a.value, b.value))
    .map(({ tag, value, clusters }) => {
      const selected = selectClusters(sums, clusters);
      const tagged = clusters.map((cluster) => positions.occupied[cluster] as number);
      const random = seededRandom(seed, `classes_by_tag ${shift.id} ${JSON.stringify([tag, value])}`);
      return {
        shift,
        tag,
        value,
        sums: selected,
        shares: estimateGroup(byConversation(positions, selected, tagged), random),
      };
    });
}

/** By code units: the same order everywhere, whatever the locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
