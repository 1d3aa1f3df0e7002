import { readFile } from "node:fs/promises";
import test from "ava";
import { exportFormats, positionColumns } from "../src/index.js";

const page = readFile(new URL("../../../../docs/reference/run-folder.md", import.meta.url), "utf8");

test("docs/reference/run-folder.md names every position column with its type, unit and meaning", async (t) => {
  const rows = positionColumns.map(
    ({ name, type, unit, meaning }) => `| \`${name}\` | ${type} | ${unit ?? ""} | ${meaning} |`,
  );
  t.deepEqual(
    (await page).split("\n").filter((line) => / (VARCHAR|INTEGER|DOUBLE)(\[\])? \|/.test(line)),
    rows,
  );
});

test("docs/reference/run-folder.md names every export that is offered", async (t) => {
  for (const [what, formats] of Object.entries(exportFormats)) {
    t.true((await page).includes(`| \`${what}\` | ${formats.join(", ")} |`), what);
  }
});
