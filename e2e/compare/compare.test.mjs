import { join } from "node:path";
import test from "ava";
import { experiment, unshift, workFolder } from "../unshift.mjs";

const rowsOf = ({ tables }, name) => {
  const { columns, rows } = tables.find((table) => table.name === name);
  return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column.name, row[i]])));
};

test("two runs of the tiny pair: the same samples are paired, other limits and judges are refused with the list", async (t) => {
  t.timeout(300_000);
  const short = experiment({ shifts: "[]" })
    .replace(/shifts:\n.*\n/, "")
    .replace("maxTokens: 96", "maxTokens: 24");
  const folder = await workFolder(t, {
    "one.yaml": short,
    "two.yaml": short.replace("  zero-shot: { model: base, strategy: zero-shot }\n", ""),
    "other.yaml": short
      .replace("limit: 6, seed: 3", "limit: 4, seed: 3")
      .replace("{ use: reference }", "{ use: reference }\n  - { use: reference, id: again }"),
  });
  for (const name of ["one", "two", "other"]) {
    const { code, stderr } = await unshift(["run", `${name}.yaml`, "--output", name, "--json"], { cwd: folder });
    t.is(code, 0, stderr);
  }
  const compared = await unshift(["compare", "one", "two", "--json"], { cwd: folder });
  t.is(compared.code, 0, compared.stderr);
  t.true(compared.json.comparable);
  t.deepEqual(
    compared.json.runs.flatMap(({ systems }) => systems),
    ["one/aligned", "one/zero-shot", "one/urial", "two/aligned", "two/urial"],
  );
  const same = rowsOf(compared.json, "score_comparisons").filter(
    ({ first, second }) => first === "one/aligned" && second === "two/aligned",
  );
  t.true(same.length > 0);
  for (const row of same) {
    t.true(row.n > 0);
    t.deepEqual([row.difference, row.p, row.only_first, row.only_second], [0, 1, 0, 0], "one system, two runs");
  }

  const refused = await unshift(["compare", "one", "other", "--json"], { cwd: folder });
  t.is(refused.code, 2);
  t.is(refused.json.error.code, "RUNS_NOT_COMPARABLE");
  t.regex(refused.json.error.message, /- judges\.again: nothing in one, /);
  t.regex(refused.json.error.message, /- selection\.limit: 6 in one, 4 in other/);
  t.regex(refused.json.error.message, /- samples: "6, of them 2 not in other" in one/);
  const anyway = await unshift(["leaderboard", join(folder, "one"), "other", "--anyway", "--judge", "reference"], {
    cwd: folder,
  });
  t.is(anyway.code, 0, anyway.stderr);
  t.regex(anyway.stdout, /runs are not comparable/);
  t.regex(anyway.stdout, /• not comparable: selection\.limit: 6 in one, 4 in other/);
  t.notRegex(anyway.stdout, /judges\.again/, "--judge leaves out what other judges differ in");
});
