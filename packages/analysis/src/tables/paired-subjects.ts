import type { Table } from "@unshift/contracts";
import { sumColumn } from "../positions/shift-estimates.js";
import { byConversation } from "../positions/shift-positions.js";
import { clusterBootstrap, ratioOf, type Statistic } from "../statistics/cluster-bootstrap.js";
import { type ClusterSums, clusterSums } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { signFlipTest } from "../statistics/sign-flip-test.js";
import type { OpenedShift } from "./opened-shift.js";
import { buildTable, type ColumnOf, count, estimated, figure, text } from "./table-columns.js";

/** What is compared: column of `sampleSums`, name in the table, unit, and how it is called. */
const measures = [
  [sumColumn("shifted"), "shifted", "share", "shifted share"],
  [sumColumn("meanKl"), "mean_kl", "nats", "mean KL(reference ‖ subject)"],
] as const;

interface Row {
  readonly answers: string;
  readonly first: string;
  readonly second: string;
  readonly samples: number;
  readonly unpaired: number;
  readonly positions: number;
  /** By measure: first, second, first − second. */
  readonly estimates: readonly (readonly Estimate[])[];
  readonly p: readonly (number | null)[];
}

/** Two subjects of the same answers, over samples compared under both: does the second follow the answers more closely? */
export function pairedSubjects(shifts: readonly OpenedShift[], seed: number): Table {
  const estimate = (measure: number, which: number) => (row: Row) =>
    row.estimates[measure]?.[which] ?? undefinedEstimate;
  const columns: ColumnOf<Row>[] = [
    text("answers", "System whose answers both subjects score.", (row) => row.answers),
    text("first_subject", "Subject that is subtracted from.", (row) => row.first),
    text("second_subject", "Subject that is subtracted.", (row) => row.second),
    count("samples", "samples", "Samples with the same positions under both: n.", (row) => row.samples),
    count("unpaired", "samples", "Samples left out, compared under one subject only.", (row) => row.unpaired),
    count("positions", "positions", "Positions of the paired samples.", (row) => row.positions),
    ...measures.flatMap(([, name, unit, called], i) => [
      figure<Row>(
        `first_${name}`,
        unit,
        `First subject's ${called} over the paired samples.`,
        (row) => estimate(i, 0)(row).value,
      ),
      figure<Row>(
        `second_${name}`,
        unit,
        `Second subject's ${called} over the paired samples.`,
        (row) => estimate(i, 1)(row).value,
      ),
      ...estimated<Row>(`${name}_difference`, unit, `First minus second ${called}.`, estimate(i, 2)),
      figure<Row>(
        `${name}_p`,
        "probability",
        `Two-sided sign-flip permutation p of ${name}_difference.`,
        (row) => row.p[i] ?? null,
      ),
    ]),
  ];
  return buildTable(
    "paired_subjects",
    "Subjects of the same answers, paired",
    columns,
    pairsOf(shifts).map(([a, b]) => compare(a, b, seed)),
  );
}

function pairsOf(shifts: readonly OpenedShift[]): (readonly [OpenedShift, OpenedShift])[] {
  return shifts.flatMap((first, i) =>
    shifts
      .slice(i + 1)
      .flatMap((second) => (first.shift.answers === second.shift.answers ? [[first, second] as const] : [])),
  );
}

function compare(first: OpenedShift, second: OpenedShift, seed: number): Row {
  const { sums: bySample, samples, unpaired } = pairSums(first, second);
  const sums = byConversation(first.positions, bySample, samples);
  const label = `paired_subjects ${first.shift.id} ${second.shift.id}`;
  const statistics = measures.flatMap((_, i) => {
    const a = ratioOf(1 + 2 * i, 0);
    const b = ratioOf(2 + 2 * i, 0);
    const difference: Statistic = (totals) => a(totals) - b(totals);
    return [a, b, difference];
  });
  const estimates = clusterBootstrap(sums, statistics, seededRandom(seed, label));
  return {
    answers: first.shift.answers,
    first: first.shift.subject,
    second: second.shift.subject,
    samples: samples.length,
    unpaired,
    positions: sumOf(column(sums, 0)),
    estimates: measures.map((_, i) => estimates.slice(3 * i, 3 * i + 3)),
    p: measures.map(([, name], i) => {
      const a = column(sums, 1 + 2 * i);
      const b = column(sums, 2 + 2 * i);
      return signFlipTest(
        a.map((value, sample) => value - (b[sample] as number)),
        seededRandom(seed, `${label} ${name}`),
      );
    }),
  };
}

interface Pairs {
  /** [paired samples, 1 + 2 · measures] positions, then each measure's sum under first and second. */
  readonly sums: ClusterSums;
  /** [paired samples] index among the first shift's samples. */
  readonly samples: readonly number[];
  readonly unpaired: number;
}

function pairSums(first: OpenedShift, second: OpenedShift): Pairs {
  const clusterById = new Map(clusterIds(second).map((id, cluster) => [id, cluster]));
  const pairs: (readonly [number, number])[] = [];
  for (const [a, id] of clusterIds(first).entries()) {
    const b = clusterById.get(id);
    if (b !== undefined && cell(first.sums, a, 0) === cell(second.sums, b, 0)) pairs.push([a, b]);
  }
  const sums = clusterSums(pairs.length, 1 + 2 * measures.length);
  for (const [i, [a, b]] of pairs.entries()) {
    const row = [
      cell(first.sums, a, 0),
      ...measures.flatMap(([sum]) => [cell(first.sums, a, sum), cell(second.sums, b, sum)]),
    ];
    sums.data.set(row, i * sums.width);
  }
  const either = new Set([...clusterIds(first), ...clusterIds(second)]).size;
  const samples = pairs.map(([a]) => first.positions.occupied[a] as number);
  return { sums, samples, unpaired: either - pairs.length };
}

function clusterIds({ positions }: OpenedShift): string[] {
  return Array.from(positions.occupied, (sample) => positions.columns.sampleIds[sample] as string);
}

function cell(sums: ClusterSums, cluster: number, at: number): number {
  return sums.data[cluster * sums.width + at] as number;
}

function column(sums: ClusterSums, at: number): Float64Array {
  return Float64Array.from({ length: sums.clusters }, (_, cluster) => cell(sums, cluster, at));
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
