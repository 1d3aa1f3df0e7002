import { readFile } from "node:fs/promises";
import { errorCatalogue, type JsonObject } from "@unshift/contracts";
import test from "ava";
import { experimentJsonSchema } from "../../src/config/experiment-json-schema.js";

const page = (name: string) => readFile(new URL(`../../../../../docs/reference/${name}`, import.meta.url), "utf8");

test("docs/reference/errors.md has one paragraph for each code of the catalogue, and no other", async (t) => {
  const sections = (await page("errors.md")).split(/^### /m).slice(1);
  const codes = sections.map((section) => section.slice(0, section.indexOf("\n")).trim());
  t.deepEqual([...codes].sort(), Object.keys(errorCatalogue).sort());
  t.is(new Set(codes).size, codes.length);
});

for (const [code, { exit, meaning }] of Object.entries(errorCatalogue)) {
  test(`docs/reference/errors.md: ${code} has its anchor, meaning, exit code, cause and remedy`, async (t) => {
    const section = (await page("errors.md")).split(/^### /m).find((text) => text.startsWith(`${code}\n`)) ?? "";
    // Editors and GitHub make the anchor from the heading.
    t.regex(code, /^[A-Z_]+$/);
    t.true(section.includes(meaning), `meaning: ${meaning}`);
    t.regex(section, new RegExp(`^\\*\\*Exit code ${exit}\\.\\*\\*`, "m"));
    t.regex(section, /^- \*\*Common cause\*\*: \S.{20,}/m);
    t.regex(section, /^- \*\*What to do\*\*: \S.{20,}/m);
  });
}

test("docs/reference/experiment.md has a heading for each key of the experiment, and no other", async (t) => {
  const headings = [...(await page("experiment.md")).matchAll(/^### `([A-Za-z]+)`$/gm)].map((match) => match[1] ?? "");
  const keys = Object.keys(experimentJsonSchema().properties as JsonObject);
  t.deepEqual(headings.sort(), keys.sort());
});

test("docs/reference/experiment.md names each key of models, systems, decoding, shifts and report", async (t) => {
  const text = await page("experiment.md");
  const keys = ["models", "systems", "decoding", "shifts", "report", "dataset"].flatMap((name) =>
    namesIn(experimentJsonSchema().properties, name),
  );
  t.true(keys.length > 20);
  for (const key of keys) t.true(text.includes(`\`${key}\``), key);
});

function namesIn(properties: unknown, name: string): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("properties" in value) for (const key of Object.keys(value.properties as object)) found.add(key);
    for (const child of Object.values(value)) visit(child);
  };
  visit((properties as JsonObject)[name]);
  return [...found];
}
