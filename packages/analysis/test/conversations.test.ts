import type { Sample, Table } from "@unshift/contracts";
import type { AnalysisInput } from "@unshift/contracts/services";
import test from "ava";
import fc from "fast-check";
import { clusterSums, conversationsOf, createShiftAnalysis, mergeClusters, tableRows, totalsOf } from "../src/index.js";
import { inputOf, type MadeRow, sampleOf, shiftOf, standardShifts, verdictOf } from "./made-shift.js";

const analyse = (input: AnalysisInput): Table[] => createShiftAnalysis().analyse(input) as Table[];
const chain = (...pairs: readonly (readonly [id: string, follows?: string | undefined])[]): Sample[] =>
  pairs.map(([id, follows]) => sampleOf(id, follows === undefined ? {} : { follows }));

test("a conversation is named by its first sample, in whatever order samples stand", (t) => {
  const of = conversationsOf(chain(["c", "b"], ["a"], ["b", "a"], ["alone"], ["late", "gone"], ["later", "late"]));
  t.deepEqual(["a", "b", "c", "alone", "late", "later"].map(of), ["a", "a", "a", "alone", "gone", "gone"]);
  t.is(of("not a sample"), "not a sample");
});

test("property: samples share a conversation exactly where a chain joins them, also in circles", (t) => {
  const ids = ["a", "b", "c", "d", "e", "f", "g"];
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.constantFrom(...ids), { nil: undefined }), { minLength: 7, maxLength: 7 }),
      (follows) => {
        const of = conversationsOf(chain(...ids.map((id, i) => [id, follows[i]] as const)));
        const next = new Map(ids.map((id, i) => [id, follows[i]]));
        /** Slow twin: all that is reached within as many steps as there are samples. */
        const reached = (id: string): Set<string> => {
          const seen = new Set([id]);
          for (let at = next.get(id); at !== undefined && !seen.has(at); at = next.get(at)) seen.add(at);
          return seen;
        };
        for (const one of ids) {
          for (const other of ids) {
            const joined = [...reached(one)].some((id) => reached(other).has(id));
            t.is(of(one) === of(other), joined, `${one} ${other}`);
          }
        }
      },
    ),
  );
});

test("property: merging keeps totals and adds exactly what shares a group", (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), fc.integer({ min: -99, max: 99 })), { maxLength: 12 }), (made) => {
      const sums = clusterSums(made.length, 2);
      for (const [i, [, value]] of made.entries()) sums.data.set([1, value], 2 * i);
      const merged = mergeClusters(
        sums,
        made.map(([group]) => group),
      );
      const groups = [...new Set(made.map(([group]) => group))];
      t.is(merged.clusters, groups.length);
      t.deepEqual([...totalsOf(merged)], [...totalsOf(sums)]);
      for (const [at, group] of groups.entries()) {
        const own = made.filter(([of]) => of === group).map(([, value]) => value);
        t.deepEqual(
          [...merged.data.slice(2 * at, 2 * at + 2)],
          [own.length, own.reduce((sum, value) => sum + value, 0)],
        );
      }
    }),
  );
});

/** Each sample again as the turn that follows it, to the last bit. */
function withSecondTurns(rows: readonly MadeRow[]): MadeRow[] {
  return [...rows, ...rows.map((row) => ({ ...row, sample: `${row.sample}/2` }))].sort((a, b) =>
    a.sample < b.sample ? -1 : a.sample > b.sample ? 1 : a.position - b.position,
  );
}

test("the second turn of a chat brings no new evidence: intervals are those of the chats", (t) => {
  const { rows, other } = standardShifts();
  const ids = [...new Set(rows.map(({ sample }) => sample))];
  const scores = (samples: readonly string[]) =>
    samples.map((id, i) => verdictOf("aligned", id, { status: "scored", scores: { correct: (i % ids.length) % 2 } }));
  const shifts = [shiftOf("aligned", "x", withSecondTurns(rows)), shiftOf("aligned", "y", withSecondTurns(other))];
  const twice = [...ids, ...ids.map((id) => `${id}/2`)];
  const chats = analyse(
    inputOf(shifts, {
      samples: twice.map((id) =>
        sampleOf(id, { tags: { all: ["yes"] }, ...(id.endsWith("/2") ? { follows: id.slice(0, -2) } : {}) }),
      ),
      verdicts: scores(twice),
      systems: ["aligned"],
    }),
  );
  const once = analyse(
    inputOf([shiftOf("aligned", "x", rows), shiftOf("aligned", "y", other)], {
      samples: ids.map((id) => sampleOf(id, { tags: { all: ["yes"] } })),
      verdicts: scores(ids),
      systems: ["aligned"],
    }),
  );
  const apart = analyse(inputOf(shifts, { samples: twice.map((id) => sampleOf(id)), systems: ["aligned"] }));
  const [summary = {}] = tableRows(chats, "shift_summary");
  t.deepEqual([summary.samples, summary.conversations], [80, 40]);
  t.is(tableRows(apart, "shift_summary")[0]?.conversations, 80);

  // Twice the same numbers: every ratio of sums, so every resample, is that of the single turns.
  const near = (found: unknown, expected: unknown, what: string): void => {
    if (typeof expected === "number")
      t.true(Math.abs(Number(found) - expected) < 1e-9, `${what}: ${found} ${expected}`);
    else t.is(found, expected, what);
  };
  for (const name of [
    "shift_summary",
    "classes_by_tag",
    "classes_by_category",
    "early_late",
    "relative_positions",
    "paired_subjects",
    "scores",
  ]) {
    const expected = tableRows(once, name);
    const found = tableRows(chats, name);
    t.is(found.length, expected.length);
    let compared = 0;
    for (const [i, row] of expected.entries()) {
      for (const column of Object.keys(row).filter((key) => /_(?:low|high|p)$/.test(key))) {
        near(found[i]?.[column], row[column], `${name}.${column}`);
        if (typeof row[column] === "number") compared++;
      }
    }
    t.true(compared > 0, name);
  }
  // Resampled as if turns were independent, the interval is narrower by about √2.
  const width = (tables: readonly Table[]): number => {
    const [row = {}] = tableRows(tables, "shift_summary");
    return Number(row.shifted_high) - Number(row.shifted_low);
  };
  t.true(width(apart) < 0.85 * width(chats), `${width(apart)} ${width(chats)}`);
});

test("curves: mean and median of a position are grouped by conversation too", (t) => {
  const { rows } = standardShifts();
  const shifts = [shiftOf("aligned", "x", withSecondTurns(rows))];
  const ids = [...new Set(withSecondTurns(rows).map(({ sample }) => sample))];
  const curve = (samples: readonly Sample[]) => tableRows(analyse(inputOf(shifts, { samples })), "position_curves");
  const chats = curve(ids.map((id) => sampleOf(id, id.endsWith("/2") ? { follows: id.slice(0, -2) } : {})));
  const apart = curve(ids.map((id) => sampleOf(id)));
  const width = (found: typeof chats, name: string): number =>
    found.reduce((sum, row) => sum + Number(row[`${name}_high`]) - Number(row[`${name}_low`]), 0);
  t.deepEqual(
    chats.map((row) => [row.positions, row.samples, row.median_subject_rank]),
    apart.map((row) => [row.positions, row.samples, row.median_subject_rank]),
  );
  t.true(width(apart, "mean_kl") < 0.85 * width(chats, "mean_kl"));
  t.true(width(apart, "median_subject_rank") < width(chats, "median_subject_rank"));
});

test("one conversation gives no interval", (t) => {
  const { rows } = standardShifts();
  const two = rows.filter(({ sample }) => sample === "q1" || sample === "q2");
  const samples = [sampleOf("q1"), sampleOf("q2", { follows: "q1" })];
  const [row = {}] = tableRows(analyse(inputOf([shiftOf("a", "b", two)], { samples })), "shift_summary");
  t.deepEqual([row.conversations, row.shifted_low], [1, null]);
  t.is(typeof row.shifted, "number");
});
