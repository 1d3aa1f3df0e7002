import { readFileSync } from "node:fs";
import type { Table } from "@unshift/contracts";
import test from "ava";
import * as surface from "../src/index.js";
import { createShiftAnalysis, discourseWords, tokenCategories } from "../src/index.js";
import { inputOf, standardShifts } from "./made-shift.js";

const document = readFileSync(new URL("../../../../docs/reference/metrics.md", import.meta.url), "utf8");
const sections = new Map(
  document.split(/^### /m).map((section) => [/^`(\w+)`/.exec(section)?.[1], section.split(/^## /m)[0] ?? ""]),
);
const common = new Set(["shift", "answers", "subject"]);

test("the document has a section for every table and names every column in it", (t) => {
  const tables = createShiftAnalysis().analyse(inputOf(standardShifts().shifts)) as Table[];
  t.is(sections.size - 1, tables.length);
  for (const { name, columns } of tables) {
    const section = sections.get(name) ?? "";
    for (const column of columns) {
      if (common.has(column.name) || /_(?:low|high)$/.test(column.name)) continue;
      t.true(section.includes(`\`${column.name}\``), `${name}.${column.name}`);
    }
  }
});

test("the document lists the style words and categories of the code", (t) => {
  const listed = [...document.matchAll(/^- \*\*[a-z ]+\*\*: ([^*]*?)(?=\n- \*\*|\n\n)/gm)].flatMap((match) =>
    (match[1] ?? "").split(/,\s+/),
  );
  t.deepEqual(listed, [...discourseWords]);
  for (const category of tokenCategories) t.true(document.includes(`| \`${category}\` |`), category);
});

test("the document names every compat function", (t) => {
  const functions = Object.keys(surface).filter((name) => /^compat(?!List$)/.test(name));
  t.is(functions.length, 8);
  for (const name of functions) t.true(document.includes(`\`${name}(`), name);
});
