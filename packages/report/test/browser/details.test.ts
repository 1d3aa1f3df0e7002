import type { ReportInput } from "@unshift/contracts/services";
import test, { type ExecutionContext } from "ava";
import type { Browser } from "playwright-core";
import { analysed } from "../synthetic/analysed.js";
import { syntheticRun } from "../synthetic/run.js";
import { chromePath, goTo, launch, open, writeReport } from "./open-report.js";

let example: Promise<{ readonly input: ReportInput; readonly address: string }> | null = null;
function exampleReport(): NonNullable<typeof example> {
  example ??= analysed(syntheticRun()).then(async (input) => ({ input, address: await writeReport(input) }));
  return example;
}

function inBrowser(
  title: string,
  run: (t: ExecutionContext, browser: Browser, address: string, input: ReportInput) => Promise<void>,
): void {
  const declare = chromePath === null ? test.serial.skip : test.serial;
  declare(chromePath === null ? `${title} — SKIPPED: no Chromium found; set CHROME_PATH` : title, async (t) => {
    t.timeout(240_000);
    const browser = await launch();
    t.teardown(() => browser.close());
    const { address, input } = await exampleReport();
    await run(t, browser, address, input);
  });
}

inBrowser("samples are grouped by tag, the first tag open, with their number", async (t, browser, address, input) => {
  const { page } = await open(browser, address);
  await goTo(page, "#/shift");
  const tags = [...new Set(input.samples.flatMap((sample) => Object.keys(sample.tags)))].sort();
  const folds = page.locator(".tag-fold");
  t.deepEqual((await folds.locator("summary bdi").allTextContents()).sort(), tags);
  t.deepEqual(
    await folds.evaluateAll((all) => all.map((fold) => fold.hasAttribute("open"))),
    tags.map((_, index) => index === 0),
  );
  const kind = folds.filter({ has: page.locator("summary bdi", { hasText: "kind" }) });
  await kind.locator("summary").click();
  const harmful = kind.locator("tbody").filter({ has: page.locator("th", { hasText: "harmful" }) });
  const skipped = input.shifts[0]?.comparisons
    .filter(({ status }) => status === "skipped")
    .map(({ sampleId }) => sampleId);
  const expected = input.samples.filter(
    ({ id, tags: { kind: of } }) => of?.includes("harmful") && !skipped?.includes(id),
  );
  t.is(await harmful.locator("tr").first().locator("td.number").first().textContent(), String(expected.length));
});

inBrowser("positions that differ most are grouped, each place a link", async (t, browser, address, input) => {
  const { page } = await open(browser, address);
  await goTo(page, "#/tokens");
  const section = page.locator("section[aria-labelledby=largest]");
  const more = section.getByRole("button");
  if ((await more.count()) > 0) await more.click();
  const table = input.tables.find(({ name }) => name === "largest_kl");
  const own = table?.rows.filter(([shift]) => shift === input.shifts[0]?.id).length ?? 0;
  t.is(await section.locator(".place-link").count(), own);
  t.true((await section.locator("tbody tr").count()) < own);
  t.true((await section.locator(".in-context .times").allTextContents()).some((text) => /×\d+/.test(text)));
});

inBrowser("Method counts every table, and tells how to run it again", async (t, browser, address, input) => {
  const { page } = await open(browser, address);
  await goTo(page, "#/method");
  const text = (await page.locator("main").textContent()) ?? "";
  t.true(text.includes(`${input.tables.length} tables stand in the run’s folder`));
  t.true(text.includes("npx unshift run quickstart.yaml"));
});

inBrowser("what was compared is told in facts, not in data", async (t, browser, address) => {
  const { page } = await open(browser, address);
  const facts = (await page.locator(".facts").textContent()) ?? "";
  t.notRegex(facts, /[{}"]|\?B/);
  t.true(facts.includes("llama · 1.6 M parameters · F16"));
  t.true(facts.includes("Linux x64 · x86-64 · 8 cores · 32 GB"));
  t.true(facts.includes("sha256 77aa77aa77aa · "));
});

inBrowser(
  "on a narrow screen a link to a position raises the sheet and leaves the token in sight",
  async (t, browser, address) => {
    const { page } = await open(browser, address, { width: 390 });
    /** Space between the chosen token and the sheet, px; negative where it is covered. */
    const free = (): Promise<number> =>
      page.evaluate(() => {
        const token = document.querySelector(".answer [aria-selected=true]")?.getBoundingClientRect();
        const sheet = document.querySelector<HTMLElement>(".inspector.open");
        return token === undefined || sheet === null ? Number.NaN : innerHeight - sheet.offsetHeight - token.bottom;
      });
    await goTo(page, "#/sample/capital-japan?pos=12");
    await page.waitForSelector(".inspector.open");
    t.regex(
      (await page.locator(".inspector .where").textContent()) ?? "",
      /^13th of \d+ tokens \(position 12, counted from 0\)/,
    );
    t.true((await free()) >= 0);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelector(".inspector.open") === null);
    await page.keyboard.press("ArrowRight");
    await page.waitForSelector(".inspector.open");
    await page.locator(".answer [aria-selected=true]").focus();
    await page.keyboard.press("End");
    t.true((await free()) >= 0);
    t.true(
      await page.evaluate(
        () => (document.querySelector(".answer [aria-selected=true]")?.getBoundingClientRect().top ?? -1) >= 0,
      ),
    );
    await goTo(page, "#/sample/capital-peru");
    t.is(await page.locator(".inspector.open").count(), 0);
  },
);

inBrowser("a table that goes on sideways fades at that edge", async (t, browser, address) => {
  const { page } = await open(browser, address, { width: 390 });
  await goTo(page, "#/tokens");
  const box = page.getByRole("region", { name: "Positions with the largest KL" });
  await page.waitForFunction(() => document.querySelector("[data-more-after]") !== null);
  const edges = (): Promise<boolean[]> =>
    box.evaluate((element) => ["data-more-before", "data-more-after"].map((name) => element.hasAttribute(name)));
  t.deepEqual(await edges(), [false, true]);
  t.not(await box.evaluate((element) => getComputedStyle(element).maskImage), "none");
  await box.evaluate((element) => element.scrollTo(element.scrollWidth, 0));
  await page.waitForFunction(() => document.querySelector("[data-more-before]") !== null);
  t.deepEqual(await edges(), [true, false]);
  const wide = await open(browser, address);
  await goTo(wide.page, "#/shift");
  t.is(await wide.page.locator("[data-more-after], [data-more-before]").count(), 0);
});

inBrowser("an interval of zero width says what that means", async (t, browser, _address, input) => {
  const tables = input.tables.map((table) => {
    if (table.name !== "shift_summary") return table;
    const at = (name: string): number => table.columns.findIndex((column) => column.name === name);
    return {
      ...table,
      rows: table.rows.map((row) => row.with(at("shifted_low"), 0.25).with(at("shifted_high"), 0.25)),
    };
  });
  const { page } = await open(browser, await writeReport({ ...input, tables }));
  const marked = page.locator(".shift-card .zero-width");
  t.is(await marked.count(), input.shifts.length);
  t.regex((await marked.first().getAttribute("title")) ?? "", /no proof/);
});
