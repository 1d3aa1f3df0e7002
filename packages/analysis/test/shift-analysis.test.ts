import type { Table } from "@unshift/contracts";
import type { AnalysisInput } from "@unshift/contracts/services";
import test from "ava";
import fc from "fast-check";
import {
  createShiftAnalysis,
  openPositions,
  seededRandom,
  shuffledIndices,
  summariseShift,
  tableRows,
} from "../src/index.js";
import {
  columnsOf,
  comparisonOf,
  inputOf,
  type MadeRow,
  madeRows,
  sampleOf,
  shiftOf,
  standardShifts,
  verdictOf,
} from "./made-shift.js";

const analyse = (input: AnalysisInput): Table[] => createShiftAnalysis().analyse(input) as Table[];
const names = [
  "systems",
  "scores",
  "score_averages",
  "scores_by_tag",
  "score_comparisons",
  "preferences",
  "win_rates",
  "ratings",
  "judge_consistency",
  "judge_agreement",
  "class_ratios",
  "shift_summary",
  "position_curves",
  "tokens_by_class",
  "token_shift_ratio",
  "relative_positions",
  "classes_by_tag",
  "classes_by_category",
  "reference_tokens",
  "largest_kl",
  "early_late",
  "paired_subjects",
  "samples",
];

const lengths = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), fc.integer({ min: 1, max: 30 }));

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  return Array.from(shuffledIndices(items.length, seededRandom(seed, "order")), (i) => items[i] as Item);
}

test("every table is there, its columns explained, its cells of the column's type, never NaN", (t) => {
  const { shifts } = standardShifts();
  const inputs = [
    inputOf([]),
    inputOf(shifts),
    inputOf([shiftOf("a", "b", [])]),
    inputOf([shiftOf("a", "b", madeRows({ q: 1 }, seededRandom(1, "one")))]),
  ];
  for (const input of inputs) {
    const tables = analyse({ ...input, systems: ["aligned"] });
    t.deepEqual(
      tables.map(({ name }) => name),
      names,
    );
    for (const { name, title, columns, rows } of tables) {
      t.true(title.length > 0);
      t.is(new Set(columns.map((column) => column.name)).size, columns.length, name);
      for (const column of columns) {
        t.regex(column.meaning, /^[A-Z].*\.$|^[a-z_]+.*\.$|^KL\(.*\.$/, `${name}.${column.name}`);
        t.is(column.unit === null, column.type === "string" || column.type === "boolean", `${name}.${column.name}`);
      }
      for (const row of rows) {
        t.is(row.length, columns.length);
        for (const [i, cell] of row.entries()) {
          const type = columns[i]?.type;
          if (cell === null) continue;
          t.true(
            type === "string" || type === "boolean" ? typeof cell === type : Number.isFinite(cell),
            `${name}.${columns[i]?.name}: ${cell}`,
          );
          if (type === "integer") t.true(Number.isSafeInteger(cell), `${name}.${columns[i]?.name}: ${cell}`);
        }
      }
    }
  }
});

test("the order in which things are listed changes no bit", (t) => {
  const { shifts } = standardShifts();
  const samples = Array.from({ length: 40 }, (_, i) =>
    sampleOf(`q${i}`, { tags: { part: [`p${i % 4}`] }, reference: ["Paris"] }),
  );
  const verdicts = samples.map(({ id }, i) =>
    verdictOf("aligned", id, { status: "scored", scores: { style: i / 7, correct: i % 2 } }),
  );
  const input = inputOf(shifts, { samples, verdicts, systems: ["aligned"] });
  const expected = JSON.stringify(analyse(input));
  for (const seed of [1, 2, 3]) {
    const reordered = {
      ...input,
      samples: shuffled(samples, seed),
      verdicts: shuffled(verdicts, seed),
      shifts: shifts.map((shift) => ({ ...shift, comparisons: shuffled(shift.comparisons, seed) })),
    };
    t.is(JSON.stringify(analyse(reordered)), expected);
  }
});

test("another seed moves limits only", (t) => {
  const { shifts } = standardShifts();
  const [first = {}] = tableRows(analyse(inputOf(shifts, { seed: 1 })), "shift_summary");
  const [second = {}] = tableRows(analyse(inputOf(shifts, { seed: 2 })), "shift_summary");
  t.not(first.mean_kl_low, second.mean_kl_low);
  t.is(first.mean_kl, second.mean_kl);
});

test("shares sum to 1 and lie in 0 … 1", (t) => {
  fc.assert(
    fc.property(lengths, fc.integer(), (answers, seed) => {
      const tables = analyse(inputOf([shiftOf("a", "b", madeRows(answers, seededRandom(seed, "rows")))]));
      for (const name of ["shift_summary", "position_curves", "classes_by_category"]) {
        for (const row of tableRows(tables, name)) {
          if (row.positions === 0) {
            t.deepEqual([row.unshifted, row.marginal, row.shifted], [null, null, null]);
            continue;
          }
          const shares = ["unshifted", "marginal", "shifted"].map((column) => Number(row[column]));
          t.true(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
          t.true(shares.every((share) => share >= 0 && share <= 1));
        }
      }
    }),
    { numRuns: 15 },
  );
});

test("reference and subject swapped swap the two KL", (t) => {
  fc.assert(
    fc.property(lengths, fc.integer(), (answers, seed) => {
      const rows = madeRows(answers, seededRandom(seed, "rows"));
      const swapped = rows.map((row): MadeRow => ({ ...row, kl: row.klReverse, klReverse: row.kl }));
      const here = summariseShift(analyse(inputOf([shiftOf("a", "b", rows)])), "a→b");
      const there = summariseShift(analyse(inputOf([shiftOf("a", "b", swapped)])), "a→b");
      t.is(here.meanKlNats, there.meanKlReverseNats);
      t.is(here.meanKlReverseNats, there.meanKlNats);
      t.deepEqual(here.ci.meanKlNats, there.ci.meanKlReverseNats);
    }),
    { numRuns: 15 },
  );
});

test("a sample with an empty answer changes no figure but its own count", (t) => {
  const rows = madeRows({ a: 5, c: 9 }, seededRandom(1, "rows"));
  const shift = shiftOf("x", "y", rows);
  const withEmpty = {
    ...shift,
    columns: columnsOf(shift.id, rows, ["a", "b", "c"]),
    comparisons: [...shift.comparisons, comparisonOf(shift.id, "b", 0)],
  };
  t.deepEqual(
    summariseShift(analyse(inputOf([withEmpty])), shift.id),
    summariseShift(analyse(inputOf([shift])), shift.id),
  );
  t.is(tableRows(analyse(inputOf([withEmpty])), "shift_summary")[0]?.empty, 1);
});

test("a shift in one line is its row of shift_summary", (t) => {
  const { shifts, rows } = standardShifts();
  const tables = analyse(inputOf(shifts));
  const line = summariseShift(tables, "aligned→zero-shot");
  const [row = {}] = tableRows(tables, "shift_summary");
  t.is(line.positions, rows.length);
  t.is(row.shifted, line.shifted);
  t.is(row.mean_subject_rank, line.meanSubjectRank);
  t.deepEqual([row.shifted_low, row.shifted_high], [...(line.ci.shifted ?? [])]);
  t.is(tableRows(tables, "class_ratios").find((of) => of.class === "shifted")?.share, line.shifted);
  t.deepEqual(Object.keys(line.ci), [
    "unshifted",
    "marginal",
    "shifted",
    "meanKlNats",
    "meanKlReverseNats",
    "meanJs",
    "meanSubjectRank",
  ]);
  t.throws(() => summariseShift(tables, "no→shift"), { message: /no→shift/ });
});

test("without positions figures are null", (t) => {
  const line = summariseShift(analyse(inputOf([shiftOf("a", "b", [])])), "a→b");
  t.deepEqual([line.positions, line.shifted, line.meanKlNats, line.ci.shifted], [0, null, null, null]);
});

test("one sample has figures and no interval", (t) => {
  const line = summariseShift(
    analyse(inputOf([shiftOf("a", "b", madeRows({ q: 12 }, seededRandom(3, "one")))])),
    "a→b",
  );
  t.is(line.positions, 12);
  t.is(typeof line.meanKlNats, "number");
  t.true(Object.values(line.ci).every((interval) => interval === null));
});

test("positions out of order are refused, not summed", (t) => {
  const rows = madeRows({ a: 3, b: 2 }, seededRandom(1, "rows"));
  const swap = (i: number, j: number): MadeRow[] =>
    rows.map((row, at) => (at === i ? rows[j] : at === j ? rows[i] : row) as MadeRow);
  const ids = ["a", "b"];
  const refused = [
    columnsOf("s", swap(0, 1), ids),
    columnsOf("s", swap(2, 3), ids),
    columnsOf("s", rows, ["b", "a"]),
    columnsOf("s", rows.slice(1), ids),
  ];
  for (const columns of refused) {
    t.throws(() => openPositions({ ...shiftOf("x", "y", rows), columns }), { message: /not in order/ });
  }
});
