import type { Table } from "@unshift/contracts";
import type { AnalysisInput } from "@unshift/contracts/services";
import test from "ava";
import fc from "fast-check";
import { createShiftAnalysis, seededRandom, summariseShift, tableRows } from "../src/index.js";
import { inputOf, madeRows, sampleOf, shiftOf, standardShifts, withoutReference } from "./made-shift.js";

const analyse = (input: AnalysisInput): Table[] => createShiftAnalysis().analyse(input) as Table[];

/** Columns that need the reference's distribution. */
const ofReference = /(?:^|_)kl(?:_|$)|_js|_tv|mean_reference_(?:probability|entropy)/;
/** Counts that stand beside them and are known all the same. */
const isOfReference = (table: string, column: string): boolean =>
  ofReference.test(column) || (table === "early_late" && /^ratio/.test(column));

test("property: what needs a reference is null, everything else is as it is with one", (t) => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "f"), fc.integer({ min: 1, max: 40 })),
      fc.integer(),
      (answers, seed) => {
        const shifts = ["x", "y"].map((subject, at) =>
          shiftOf("gpt-4", subject, madeRows(answers, seededRandom(seed + at, "rows"))),
        );
        const samples = Object.keys(answers).map((id) =>
          sampleOf(id, { tags: { first: [id < "c" ? "yes" : "no"] }, reference: ["Paris"] }),
        );
        const known = analyse(inputOf(shifts, { samples, systems: ["gpt-4"] }));
        const found = analyse(inputOf(shifts.map(withoutReference), { samples, systems: ["gpt-4"] }));
        t.false(JSON.stringify(found).includes("NaN"));
        for (const [at, { name, columns, rows }] of found.entries()) {
          if (name === "largest_kl") {
            t.is(rows.length, 0);
            continue;
          }
          t.is<unknown, unknown>(rows.length, known[at]?.rows.length, name);
          for (const [r, row] of rows.entries()) {
            for (const [c, cell] of row.entries()) {
              const column = columns[c]?.name ?? "";
              const expected = known[at]?.rows[r]?.[c];
              if (column === "has_reference") t.deepEqual([cell, expected], [false, true]);
              else t.is<unknown, unknown>(cell, isOfReference(name, column) ? null : expected, `${name}.${column}`);
            }
          }
        }
      },
    ),
    { numRuns: 10 },
  );
});

test("paired subjects: classes are compared, KL is not known", (t) => {
  const { shifts } = standardShifts();
  const [known = {}] = tableRows(analyse(inputOf(shifts)), "paired_subjects");
  const [row = {}] = tableRows(analyse(inputOf(shifts.map(withoutReference))), "paired_subjects");
  t.deepEqual(
    [row.samples, row.shifted_difference, row.shifted_difference_low, row.shifted_p],
    [known.samples, known.shifted_difference, known.shifted_difference_low, known.shifted_p],
  );
  t.true(Number(row.shifted_p) > 0);
  for (const name of ["first_mean_kl", "second_mean_kl", "mean_kl_difference", "mean_kl_difference_low", "mean_kl_p"]) {
    t.is(row[name], null, name);
    t.is(typeof known[name], "number", name);
  }
});

test("shifts with and without a reference stand in one run; neither changes the other", (t) => {
  const { shifts, rows } = standardShifts();
  const recorded = withoutReference(shiftOf("gpt-4", "zero-shot", rows));
  const alone = analyse(inputOf(shifts));
  const together = analyse(inputOf([...shifts, recorded]));
  for (const { name } of alone) {
    const own = (tables: readonly Table[]) => tableRows(tables, name).filter((row) => row.answers !== "gpt-4");
    t.deepEqual(own(together), own(alone), name);
  }
  const figures = summariseShift(together, recorded.id);
  t.true(figures.withoutReference);
  t.deepEqual(
    [figures.meanKlNats, figures.meanKlReverseNats, figures.meanJs, figures.ci.meanKlNats],
    [null, null, null, null],
  );
  t.is(figures.shifted, summariseShift(alone, shifts[0]?.id ?? "").shifted);
  t.is(typeof figures.meanSubjectRank, "number");
  t.false("withoutReference" in summariseShift(together, shifts[0]?.id ?? ""));
});
