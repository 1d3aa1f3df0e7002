import type { Table } from "@unshift/contracts";
import { binPositions, type PositionBin } from "../positions/position-bins.js";
import { byConversation, type ShiftPositions } from "../positions/shift-positions.js";
import { clusterBootstrap, defaultResamples, ratioOf, shareStatistic } from "../statistics/cluster-bootstrap.js";
import { type ClusterSums, clusterSums } from "../statistics/cluster-sums.js";
import { clusteredMedian } from "../statistics/clustered-median.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import type { OpenedShift } from "./opened-shift.js";
import { shiftColumns } from "./shift-columns.js";
import { buildTable, type ColumnOf, count, estimated } from "./table-columns.js";

const curves = [
  ["mean_kl", "nats", "Mean KL(reference ‖ subject)."],
  ["mean_kl_reverse", "nats", "Mean KL(subject ‖ reference)."],
  ["mean_subject_rank", "rank", "Mean rank of the token under the subject."],
  ["top3", "share", "Share with subject rank ≤ 3."],
  ["top5", "share", "Share with subject rank ≤ 5."],
  ["mean_subject_probability", "share", "Mean probability of the token under the subject."],
  ["unshifted", "share", "Share with subject rank 1."],
  ["marginal", "share", "Share with subject rank 2 or 3."],
  ["shifted", "share", "Share with subject rank above 3."],
] as const;

/** Samples beyond this are resampled in random groups; a curve has thousands of intervals. */
const maxClusters = 256;
/** Additions a shift's curves may cost; B falls below 2000 where they would cost more, but not below 200. */
const additions = 1e9;
const leastResamples = 200;

interface Row {
  readonly shift: OpenedShift["shift"];
  readonly bin: PositionBin;
  readonly samples: number;
  readonly resamples: number;
  /** In the order of `curves`. */
  readonly estimates: readonly Estimate[];
  readonly median: Estimate;
}

/** Paper §2, figure 4: how the shift changes along the answer; each point a bin of at least 30 rows. */
export function positionCurves(shifts: readonly OpenedShift[], seed: number): Table {
  const columns: ColumnOf<Row>[] = [
    ...shiftColumns<Row>(),
    count("from_position", "position", "First position of the bin, 0-based.", (row) => row.bin.from),
    count("to_position", "position", "Last position of the bin, included.", (row) => row.bin.to),
    count("positions", "positions", "Rows in the bin: n.", (row) => row.bin.rows),
    count("samples", "samples", "Samples whose answers reach the bin.", (row) => row.samples),
    count("resamples", "resamples", "Bootstrap resamples B behind the intervals.", (row) => row.resamples),
    ...curves.flatMap(([name, unit, meaning], i) =>
      estimated<Row>(name, unit, meaning, (row) => row.estimates[i] ?? undefinedEstimate),
    ),
    ...estimated<Row>(
      "median_subject_rank",
      "rank",
      "Median rank of the token under the subject.",
      (row) => row.median,
    ),
  ];
  return buildTable(
    "position_curves",
    "Shift by position",
    columns,
    shifts.flatMap((shift) => curveOf(shift, seed)),
  );
}

function curveOf({ shift, positions }: OpenedShift, seed: number): Row[] {
  const { starts, occupied } = positions;
  const bins = binPositions(positions);
  const resamples = affordableResamples(positions, bins);
  const random = seededRandom(seed, `position_curves ${shift.id}`);
  const statistics = curves.map(([, unit], i) => (unit === "share" ? shareStatistic : ratioOf)(i + 1, 0));
  let reaching: readonly number[] = [...occupied];
  return bins.map((bin) => {
    reaching = reaching.filter((sample) => (starts[sample + 1] as number) - (starts[sample] as number) > bin.from);
    const sums = byConversation(positions, binSums(positions, reaching, bin), reaching);
    const estimates = clusterBootstrap(sums, statistics, random, { resamples, maxClusters });
    const median = medianRank(positions, reaching, bin);
    return { shift, bin, samples: reaching.length, resamples, estimates, median };
  });
}

function affordableResamples({ starts, occupied }: ShiftPositions, bins: readonly PositionBin[]): number {
  const lengths = Array.from(occupied, (sample) => (starts[sample + 1] as number) - (starts[sample] as number)).sort(
    (a, b) => b - a,
  );
  let reaching = lengths.length;
  let clusters = 0;
  for (const { from } of bins) {
    while (reaching > 0 && (lengths[reaching - 1] as number) <= from) reaching--;
    clusters += Math.min(reaching, maxClusters);
  }
  const affordable = Math.floor(additions / (clusters * (curves.length + 1)));
  return Math.max(leastResamples, Math.min(defaultResamples, affordable));
}

/** [reaching samples, 1 + curves] counts and sums of the samples' rows in the bin. */
function binSums(
  { columns, starts, classes }: ShiftPositions,
  reaching: readonly number[],
  bin: PositionBin,
): ClusterSums {
  const sums = clusterSums(reaching.length, curves.length + 1);
  const { data, width } = sums;
  // Millions of samples have a row or two each: no array is made for any of them.
  for (let cluster = 0; cluster < reaching.length; cluster++) {
    const start = starts[reaching[cluster] as number] as number;
    const end = Math.min(starts[(reaching[cluster] as number) + 1] as number, start + bin.to + 1);
    let kl = 0;
    let klReverse = 0;
    let ranks = 0;
    let top5 = 0;
    let probability = 0;
    const at = cluster * width;
    for (let row = start + bin.from; row < end; row++) {
      const rank = columns.subjectRank[row] as number;
      kl += columns.klReferenceSubject[row] as number;
      klReverse += columns.klSubjectReference[row] as number;
      ranks += rank;
      if (rank <= 5) top5++;
      probability += Math.exp(columns.subjectLogprob[row] as number);
      // Unshifted, marginal and shifted stand last.
      const of = at + 7 + (classes[row] as number);
      data[of] = (data[of] as number) + 1;
    }
    data[at] = end - start - bin.from;
    data[at + 1] = kl;
    data[at + 2] = klReverse;
    data[at + 3] = ranks;
    data[at + 4] = (data[at + 7] as number) + (data[at + 8] as number);
    data[at + 5] = top5;
    data[at + 6] = probability;
  }
  return sums;
}

function medianRank(
  { columns, starts, conversations }: ShiftPositions,
  reaching: readonly number[],
  bin: PositionBin,
): Estimate {
  const ends = (sample: number) => Math.min(starts[sample + 1] as number, (starts[sample] as number) + bin.to + 1);
  const ranks = new Int32Array(bin.rows);
  /** Samples by conversation, and how many rows of the bin each conversation has. */
  const chats = new Map<number, number[]>();
  const sizes = new Map<number, number>();
  let filled = 0;
  // Millions of samples have a row or two each: no array is made for any of them.
  for (const sample of reaching) {
    const from = (starts[sample] as number) + bin.from;
    const to = ends(sample);
    for (let row = from; row < to; row++) ranks[filled++] = columns.subjectRank[row] as number;
    const chat = conversations[sample] as number;
    const samples = chats.get(chat);
    if (samples === undefined) chats.set(chat, [sample]);
    else samples.push(sample);
    sizes.set(chat, (sizes.get(chat) ?? 0) + to - from);
  }
  const clusters = [...chats.values()];
  return clusteredMedian(ranks, [...sizes.values()], (cluster, limit) => {
    let atMost = 0;
    for (const sample of clusters[cluster] ?? []) {
      const to = ends(sample);
      for (let row = (starts[sample] as number) + bin.from; row < to; row++) {
        if ((columns.subjectRank[row] as number) <= limit) atMost++;
      }
    }
    return atMost;
  });
}
