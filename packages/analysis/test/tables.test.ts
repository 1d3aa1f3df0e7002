import { classOfRank, type ShiftClass, shiftClasses, type Table } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import {
  binPositions,
  categoryOf,
  createShiftAnalysis,
  openPositions,
  quantile,
  type TableRow,
  tableRows,
  tokenCategories,
} from "../src/index.js";
import {
  columnsOf,
  comparisonOf,
  endId,
  inputOf,
  type MadeRow,
  sampleOf,
  shiftOf,
  standardShifts,
} from "./made-shift.js";

const { rows, other, shifts } = standardShifts();
const samples = [...new Set(rows.map(({ sample }) => sample))].map((id, i) =>
  sampleOf(id, {
    tags: { topic: i % 3 === 0 ? ["a", "b", "a"] : ["b"], ...(i < 2 ? { rare: ["x"] } : {}) },
    reference: i % 2 === 0 ? ["Paris", "Lyon"] : [],
  }),
);
const tables = (await createShiftAnalysis().analyse(inputOf(shifts, { samples }))) as readonly Table[];
const rowsOf = (name: string, shift = "aligned→zero-shot"): TableRow[] =>
  tableRows(tables, name).filter((row) => row.shift === shift);

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
const isOf = (of: ShiftClass) => (row: MadeRow) => classOfRank(row.rank) === of;
const share = (of: readonly MadeRow[], fits: (row: MadeRow) => boolean): number | null =>
  mean(of.map((row) => (fits(row) ? 1 : 0)));

function near(t: ExecutionContext, actual: unknown, expected: number | null, what?: string): void {
  if (expected === null) t.is(actual, null, what);
  else
    t.true(
      typeof actual === "number" && Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
      `${what}: ${actual}, not ${expected}`,
    );
}

/** The interval exists and encloses the figure. */
function encloses(t: ExecutionContext, row: TableRow, name: string): void {
  const [value, low, high] = [row[name], row[`${name}_low`], row[`${name}_high`]];
  t.true(
    typeof value === "number" && typeof low === "number" && typeof high === "number" && low <= value && value <= high,
    `${name}: ${low} ${value} ${high}`,
  );
}

test("class_ratios", (t) => {
  const found = rowsOf("class_ratios");
  t.deepEqual(
    found.map((row) => row.class),
    [...shiftClasses],
  );
  for (const row of found) {
    const of = rows.filter(isOf(row.class as ShiftClass));
    t.is(row.positions, of.length);
    t.is(row.of_positions, rows.length);
    t.is(row.samples, 40);
    near(t, row.share, of.length / rows.length);
    encloses(t, row, "share");
  }
});

test("shift_summary", (t) => {
  const [row = {}] = rowsOf("shift_summary");
  t.is(row.positions, rows.length);
  const figures: Record<string, (of: MadeRow) => number> = {
    mean_kl: ({ kl }) => kl,
    mean_kl_reverse: ({ klReverse }) => klReverse,
    mean_js: ({ js }) => js,
    mean_tv: ({ tv }) => tv,
    mean_subject_rank: ({ rank }) => rank,
    mean_subject_probability: ({ subjectLogprob }) => Math.exp(subjectLogprob),
    mean_reference_probability: ({ referenceLogprob }) => Math.exp(referenceLogprob),
    mean_reference_entropy: ({ referenceEntropy }) => referenceEntropy,
    mean_subject_entropy: ({ subjectEntropy }) => subjectEntropy,
  };
  for (const [name, of] of Object.entries(figures)) {
    near(t, row[name], mean(rows.map(of)), name);
    encloses(t, row, name);
  }
  for (const of of shiftClasses) near(t, row[of], share(rows, isOf(of)), of);
  t.is(row.mean_reference_dropped_mass, null);
  t.is(row.distinct_tokens, new Set(rows.map(({ id }) => id)).size);
  t.is(row.distinct_shifted_tokens, new Set(rows.filter(isOf("shifted")).map(({ id }) => id)).size);
});

test("shift_summary counts what was not compared, and averages dropped mass where there is some", (t) => {
  const shift = shiftOf("aligned", "base", rows);
  const columns = { ...columnsOf(shift.id, rows), referenceDroppedMass: new Float64Array(rows.length).fill(0.25) };
  const comparisons = [
    ...shift.comparisons,
    comparisonOf(shift.id, "z1", 0),
    comparisonOf(shift.id, "z2", 0, "skipped"),
    comparisonOf(shift.id, "z3", 0, "failed"),
    comparisonOf(shift.id, "z4", 0, "failed"),
  ];
  const made = createShiftAnalysis().analyse(inputOf([{ ...shift, columns, comparisons }])) as Table[];
  const [row = {}] = tableRows(made, "shift_summary");
  t.deepEqual([row.samples, row.empty, row.skipped, row.failed], [40, 1, 1, 2]);
  t.is(row.mean_reference_dropped_mass, 0.25);
  t.is(row.mean_subject_dropped_mass, null);
  const listed = tableRows(made, "samples");
  t.is(listed.length, 44);
  const last = listed.at(-1);
  t.deepEqual(
    [last?.sample, last?.status, last?.positions, last?.mean_kl, last?.max_kl],
    ["z4", "failed", 0, null, null],
  );
});

test("position_curves", (t) => {
  const found = rowsOf("position_curves");
  const [shift] = shifts;
  t.deepEqual(
    found.map((row) => [row.from_position, row.to_position, row.positions]),
    (shift === undefined ? [] : binPositions(openPositions(shift))).map(({ from, to, rows: n }) => [from, to, n]),
  );
  for (const row of found) {
    const bin = rows.filter(
      ({ position }) => position >= Number(row.from_position) && position <= Number(row.to_position),
    );
    t.true(bin.length >= 30);
    t.is(row.samples, new Set(bin.map(({ sample }) => sample)).size);
    t.is(row.resamples, 2000);
    near(t, row.mean_kl, mean(bin.map(({ kl }) => kl)));
    near(t, row.mean_kl_reverse, mean(bin.map(({ klReverse }) => klReverse)));
    near(t, row.mean_subject_rank, mean(bin.map(({ rank }) => rank)));
    near(
      t,
      row.median_subject_rank,
      quantile(
        bin.map(({ rank }) => rank).sort((a, b) => a - b),
        0.5,
      ),
    );
    near(t, row.mean_subject_probability, mean(bin.map(({ subjectLogprob }) => Math.exp(subjectLogprob))));
    near(
      t,
      row.top3,
      share(bin, ({ rank }) => rank <= 3),
    );
    near(
      t,
      row.top5,
      share(bin, ({ rank }) => rank <= 5),
    );
    for (const of of shiftClasses) near(t, row[of], share(bin, isOf(of)));
    for (const name of [
      "mean_kl",
      "mean_kl_reverse",
      "mean_subject_rank",
      "median_subject_rank",
      "top3",
      "top5",
      "shifted",
    ])
      encloses(t, row, name);
  }
});

test("tokens_by_class", (t) => {
  for (const of of shiftClasses) {
    const counts = new Map<number, number>();
    for (const { id } of rows.filter(isOf(of))) counts.set(id, (counts.get(id) ?? 0) + 1);
    const expected = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 50);
    const found = rowsOf("tokens_by_class").filter((row) => row.class === of);
    t.deepEqual(
      found.map((row) => [row.token_id, row.count]),
      expected,
    );
    t.deepEqual(
      found.map((row) => row.order),
      expected.map((_, i) => i + 1),
    );
    for (const row of found) {
      near(t, row.share_of_class, Number(row.count) / rows.filter(isOf(of)).length);
      near(t, row.share_of_token, Number(row.count) / rows.filter(({ id }) => id === row.token_id).length);
    }
  }
});

test("tokens_by_class lists 50 at most", (t) => {
  const many = rows.map((row, i) => ({ ...row, id: 100 + (i % 70), text: `w${i % 70}`, rank: 1 }));
  const made = createShiftAnalysis().analyse(inputOf([shiftOf("a", "b", many)])) as Table[];
  t.is(tableRows(made, "tokens_by_class").length, 50);
  t.is(tableRows(made, "token_shift_ratio").length, 70);
});

test("token_shift_ratio", (t) => {
  const expected = [...new Set(rows.map(({ id }) => id))].map((id) => {
    const of = rows.filter((row) => row.id === id);
    return {
      id,
      text: of[0]?.text,
      n: of.length,
      counts: shiftClasses.map((name) => of.filter(isOf(name)).length),
      ratio: share(of, isOf("shifted")) ?? 0,
    };
  });
  expected.sort((a, b) => b.ratio - a.ratio || b.n - a.n || a.id - b.id);
  t.deepEqual(
    rowsOf("token_shift_ratio").map((row) => [
      row.token_id,
      row.token,
      row.count,
      row.unshifted,
      row.marginal,
      row.shifted,
      row.ratio,
    ]),
    expected.map(({ id, text, n, counts, ratio }) => [id, text, n, ...counts, ratio]),
  );
});

test("relative_positions", (t) => {
  const found = rowsOf("relative_positions");
  t.is(found.length, 20);
  const allShifted = rows.filter(isOf("shifted")).length;
  for (const [bin, row] of found.entries()) {
    const of = rows.filter(({ position, length }) => Math.floor((position * 20) / length) === bin);
    t.is(row.positions, of.length);
    t.is(row.shifted, of.filter(isOf("shifted")).length);
    near(t, row.share_of_shifted, of.filter(isOf("shifted")).length / allShifted);
    near(t, row.shifted_share, share(of, isOf("shifted")));
  }
  t.is(
    found.reduce((sum, row) => sum + Number(row.positions), 0),
    rows.length,
  );
});

test("classes_by_tag counts a sample under each of its values, once", (t) => {
  const found = rowsOf("classes_by_tag");
  t.deepEqual(
    found.map((row) => [row.tag, row.value]),
    [
      ["rare", "x"],
      ["topic", "a"],
      ["topic", "b"],
    ],
  );
  for (const row of found) {
    const having = new Set(
      samples.filter(({ tags }) => tags[String(row.tag)]?.includes(String(row.value))).map(({ id }) => id),
    );
    const of = rows.filter(({ sample }) => having.has(sample));
    t.is(row.samples, having.size);
    t.is(row.positions, of.length);
    for (const name of shiftClasses) near(t, row[name], share(of, isOf(name)));
    near(t, row.mean_kl, mean(of.map(({ kl }) => kl)));
    encloses(t, row, "mean_kl");
  }
});

test("classes_by_category", (t) => {
  const found = rowsOf("classes_by_category");
  t.deepEqual(
    found.map((row) => row.category),
    [...tokenCategories],
  );
  for (const row of found) {
    const of = rows.filter(({ id, text }) => categoryOf(text, id === 0 || id === endId) === row.category);
    t.true(of.length > 0);
    t.is(row.positions, of.length);
    t.is(row.samples, new Set(of.map(({ sample }) => sample)).size);
    near(t, row.share_of_positions, of.length / rows.length);
    for (const name of shiftClasses) near(t, row[name], share(of, isOf(name)));
    near(t, row.mean_kl, mean(of.map(({ kl }) => kl)));
  }
});

test("reference_tokens", (t) => {
  // Ids 1 (" Paris") and 12 (" Lyon"): a statement where the next token does not go on with the word ("ing", id 13, does).
  const asked = new Set(samples.filter(({ reference }) => reference.length > 0).map(({ id }) => id));
  const textual = (row: MadeRow): boolean => row.id !== 0 && row.id !== endId;
  const stated = rows.filter((row, i) => {
    if (!asked.has(row.sample) || (row.id !== 1 && row.id !== 12)) return false;
    const next = rows.slice(i + 1).find((later) => later.sample !== row.sample || textual(later));
    return !(next?.sample === row.sample && /^\w/.test(next.text));
  });
  const stating = new Set(stated.map(({ sample }) => sample));
  const rest = rows.filter((row) => stating.has(row.sample) && !stated.includes(row));
  const [row = {}] = rowsOf("reference_tokens");
  t.is(row.samples_with_reference, asked.size);
  t.is(row.samples, stating.size);
  t.is(row.reference_positions, stated.length);
  t.is(row.other_positions, rest.length);
  near(t, row.reference_shift_ratio, share(stated, isOf("shifted")));
  near(t, row.other_shift_ratio, share(rest, isOf("shifted")));
  near(t, row.ratio_of_ratios, (share(stated, isOf("shifted")) ?? 0) / (share(rest, isOf("shifted")) ?? 1));
  encloses(t, row, "ratio_of_ratios");
});

test("largest_kl", (t) => {
  const indexed = rows.map((row, i) => ({ row, i })).sort((a, b) => b.row.kl - a.row.kl || a.i - b.i);
  t.deepEqual(
    rowsOf("largest_kl").map((row) => [row.sample, row.position, row.kl, row.token, row.context]),
    indexed.slice(0, 50).map(({ row, i }) => [
      row.sample,
      row.position,
      row.kl,
      row.text,
      rows
        .slice(i - Math.min(8, row.position), i)
        .map(({ text }) => text)
        .join(""),
    ]),
  );
});

test("largest_kl keeps the first of equal positions", (t) => {
  const even = rows.map((row) => ({ ...row, kl: row.position === 0 ? 2 : 1 }));
  const made = createShiftAnalysis().analyse(inputOf([shiftOf("a", "b", even)])) as Table[];
  const found = tableRows(made, "largest_kl").map((row) => [row.sample, row.position]);
  const expected = [...even.filter(({ kl }) => kl === 2), ...even.filter(({ kl }) => kl === 1)].slice(0, 50);
  t.deepEqual(
    found,
    expected.map(({ sample, position }) => [sample, position]),
  );
});

test("early_late", (t) => {
  const [row = {}] = rowsOf("early_late");
  const early = mean(rows.filter(({ position }) => position < 5).map(({ kl }) => kl)) ?? 0;
  const late = rows.filter(({ position }) => position >= 20);
  near(t, row.early_kl, early);
  near(t, row.late_kl, mean(late.map(({ kl }) => kl)));
  near(t, row.ratio, early / (mean(late.map(({ kl }) => kl)) ?? 1));
  t.is(row.late_positions, late.length);
  t.is(row.late_samples, new Set(late.map(({ sample }) => sample)).size);
  encloses(t, row, "ratio");
});

test("paired_subjects", (t) => {
  const [row = {}] = tableRows(tables, "paired_subjects");
  t.deepEqual(
    [row.first_subject, row.second_subject, row.samples, row.unpaired, row.positions],
    ["zero-shot", "urial", 40, 0, rows.length],
  );
  near(t, row.shifted_difference, (share(rows, isOf("shifted")) ?? 0) - (share(other, isOf("shifted")) ?? 0));
  near(t, row.mean_kl_difference, (mean(rows.map(({ kl }) => kl)) ?? 0) - (mean(other.map(({ kl }) => kl)) ?? 0));
  near(t, row.first_shifted, share(rows, isOf("shifted")));
  near(t, row.second_mean_kl, mean(other.map(({ kl }) => kl)));
  encloses(t, row, "shifted_difference");
  // The second subject's KL was halved: every sample agrees.
  t.is(row.mean_kl_p, 1 / 10_000);
});

test("paired_subjects leaves out samples of one subject only, and pairs only subjects of the same answers", (t) => {
  const made = createShiftAnalysis().analyse(
    inputOf([
      shiftOf("aligned", "x", rows),
      shiftOf(
        "aligned",
        "y",
        rows.filter(({ sample }) => sample !== "q3" && sample !== "q7"),
      ),
      shiftOf("elsewhere", "x", rows),
    ]),
  ) as Table[];
  const found = tableRows(made, "paired_subjects");
  t.is(found.length, 1);
  t.deepEqual([found[0]?.samples, found[0]?.unpaired], [38, 2]);
  t.deepEqual([found[0]?.shifted_difference, found[0]?.shifted_p, found[0]?.mean_kl_p], [0, 1, 1]);
});

test("samples", (t) => {
  const found = rowsOf("samples");
  t.deepEqual(
    found.map((row) => row.sample),
    samples.map(({ id }) => id),
  );
  for (const row of found) {
    const of = rows.filter(({ sample }) => sample === row.sample);
    t.is(row.positions, of.length);
    for (const name of shiftClasses) t.is(row[name], of.filter(isOf(name)).length);
    near(t, row.mean_kl, mean(of.map(({ kl }) => kl)));
    t.is(row.max_kl, Math.max(...of.map(({ kl }) => kl)));
    t.is(row.max_kl_position, of.find(({ kl }) => kl === row.max_kl)?.position);
  }
});
