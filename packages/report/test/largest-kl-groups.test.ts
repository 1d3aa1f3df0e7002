import test from "ava";
import { groupLargestKl } from "../src/app/data/largest-kl-groups.js";
import { type RowView, tableView } from "../src/app/data/table-view.js";
import { analysed } from "./synthetic/analysed.js";
import { syntheticRun } from "./synthetic/run.js";

test("rows with the same token after the same words are one group, none is lost, and cuts are those of the answers", async (t) => {
  const run = syntheticRun();
  const table = (await analysed(run)).tables.find(({ name }) => name === "largest_kl");
  if (table === undefined) return t.fail("no table of the largest KL");
  for (const shift of run.shifts) {
    const rows = tableView(table).rows.filter((row) => row.text("shift") === shift.id);
    const groups = groupLargestKl(rows);
    const places = (all: readonly RowView[]): string[] =>
      all.map((row) => `${row.text("sample")} ${row.text("position")}`).sort();
    t.deepEqual(places(groups.flatMap((group) => group.rows)), places(rows));
    t.true(groups.some((group) => group.rows.length > 1));
    t.true(groups.some(({ isCut }) => isCut));
    t.true(groups.some(({ isCut }) => !isCut));
    for (const { first, rows: own, isCut } of groups) {
      for (const row of own) {
        t.is(row.text("token"), first.text("token"));
        t.is(row.text("context"), first.text("context"));
        t.true((row.number("kl") ?? 0) <= (first.number("kl") ?? 0));
        const tokens = run.stored.get(shift.id)?.get(row.text("sample"))?.tokens ?? [];
        t.is(tokens.slice(0, row.number("position") ?? 0).join("") !== row.text("context"), isCut);
      }
    }
  }
});
