import test, { type ExecutionContext } from "ava";
import type { Browser } from "playwright-core";
import { analysed } from "../synthetic/analysed.js";
import { syntheticRun } from "../synthetic/run.js";
import { axeFindings, chromePath, goTo, launch, open, writeReport } from "./open-report.js";

let example: Promise<string> | null = null;
/** Written once, by the first test that opens it. */
function exampleReport(): Promise<string> {
  example ??= analysed(syntheticRun()).then(writeReport);
  return example;
}
const views = ["#/", "#/shift", "#/tokens", "#/samples", "#/method", "#/sample/capital-france", "#/sample/harmful-4b"];

/** Runs in a browser of its own, or is visibly skipped where there is none. */
function inBrowser(
  title: string,
  run: (t: ExecutionContext, browser: Browser, address: string) => Promise<void>,
): void {
  const declare = chromePath === null ? test.serial.skip : test.serial;
  declare(chromePath === null ? `${title} — SKIPPED: no Chromium found; set CHROME_PATH` : title, async (t) => {
    t.timeout(240_000);
    const browser = await launch();
    t.teardown(() => browser.close());
    await run(t, browser, await exampleReport());
  });
}

for (const [width, dark] of [
  [1440, false],
  [1440, true],
  [390, false],
  [390, true],
] as const) {
  inBrowser(
    `every view is drawn, accessible and quiet: ${width} px, ${dark ? "dark" : "light"}`,
    async (t, browser, address) => {
      const { page, complaints } = await open(browser, address, { width, dark });
      for (const view of views) {
        await goTo(page, view);
        t.deepEqual(await axeFindings(page), [], view);
        t.true(
          await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          `${view} is wider than the screen`,
        );
      }
      t.deepEqual(complaints, []);
    },
  );
}

inBrowser("the overview's figures are the table's", async (t, browser, address) => {
  const input = await analysed(syntheticRun());
  const table = input.tables.find(({ name }) => name === "shift_summary");
  const column = table?.columns.findIndex(({ name }) => name === "shifted") ?? -1;
  const { page } = await open(browser, address);
  const shown = await page.locator(".shift-card .ink-shifted").allTextContents();
  t.deepEqual(
    shown,
    (table?.rows ?? []).map((row) => `${(Number(row[column]) * 100).toFixed(1)}\u202f%`),
  );
});

inBrowser("a sample is walked by keyboard", async (t, browser, address) => {
  const { page, complaints } = await open(browser, address);
  await goTo(page, "#/sample/capital-japan?pos=0");
  const selected = (): Promise<string | null> => page.locator(".answer [aria-selected=true]").getAttribute("data-t");
  t.is(await page.locator(".answer [aria-selected=true]").count(), 1);
  t.is(await selected(), "0");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  t.is(await selected(), "2");
  await page.locator(".answer [aria-selected=true]").focus();
  await page.keyboard.press("ArrowLeft");
  t.is(await selected(), "1");
  t.is(await page.evaluate(() => document.activeElement?.getAttribute("data-t")), "1");
  await page.keyboard.press("End");
  t.is(Number(await selected()), (await page.locator(".answer [role=option]").count()) - 1);
  await page.keyboard.press("Home");
  const top = await page.locator(".answer [aria-selected=true]").boundingBox();
  await page.keyboard.press("ArrowDown");
  const below = await page.locator(".answer [aria-selected=true]").boundingBox();
  t.true((below?.y ?? 0) > (top?.y ?? 0));
  t.is(await page.locator(".answer [tabindex='0']").count(), 1);
  await page.keyboard.press("s");
  t.regex((await page.locator(".answer [aria-selected=true]").getAttribute("class")) ?? "", /shifted/);
  t.regex(page.url(), /pos=\d+/);
  await page.keyboard.press("n");
  await page.waitForFunction(() => document.querySelector(".question h1")?.textContent?.includes("Kenya"));
  await page.keyboard.press("p");
  await page.waitForFunction(() => document.querySelector(".question h1")?.textContent?.includes("Japan"));
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.querySelector("dialog") === null);
  t.deepEqual(complaints, []);
});

inBrowser("the chosen token shows both models' lists as they were stored", async (t, browser, address) => {
  const run = syntheticRun();
  const { page } = await open(browser, address);
  await goTo(page, "#/sample/element-gold?subject=urial&pos=3");
  const columns = run.stored.get("aligned→urial")?.get("element-gold")?.columns;
  const ids = [...(columns?.subjectTopIds.slice(30, 40) ?? [])];
  const expected = ids.map((id) => run.vocabulary.view(id).text.replaceAll(" ", "·").replaceAll("\n", "⏎"));
  t.deepEqual(await page.locator(".alternatives.subject tr:not(.apart) td .chip").allTextContents(), expected);
  const rank = await page.locator(".pair tbody tr:first-child td").nth(1).textContent();
  t.is(rank, (columns?.subjectRank[3] ?? 0).toLocaleString("en-US"));
  t.is(await page.locator(".alternatives .marked").count(), 2);
});

inBrowser("both exact contexts are shown, token for token", async (t, browser, address) => {
  const { page } = await open(browser, address);
  await goTo(page, "#/sample/capital-peru?subject=urial&pos=2");
  for (const summary of await page.locator(".contexts > .fold > summary").all()) await summary.click();
  await page.waitForSelector(".context .static");
  const [reference, subject] = await page.locator(".context").allTextContents();
  t.is(reference, "<|bos|><|user|>⏎\nWhat is the capital of Peru?<|end|>⏎\n<|assistant|>⏎\nSure!");
  t.true(subject?.startsWith("<|bos|># Instruction⏎\n"));
  t.true(subject?.endsWith("# Query:⏎\n```⏎\nWhat is the capital of Peru?⏎\n```⏎\n⏎\n# Answer:⏎\n```⏎\nSure!"));
});

inBrowser("the subject is switched by key and by button, and links keep it", async (t, browser, address) => {
  const { page } = await open(browser, address);
  await goTo(page, "#/sample/advice-1");
  const figures = (): Promise<string | null> => page.locator(".figures").textContent();
  const first = await figures();
  await page.keyboard.press("2");
  await page.waitForFunction(() => location.hash.includes("subject=urial"));
  t.not(await figures(), first);
  await page.click("text=Tokens");
  t.regex(page.url(), /#\/tokens\?subject=urial/);
  await page.click(".switch button >> nth=0");
  t.is(await page.locator(".switch [aria-pressed=true]").textContent(), "zero-shot");
});

inBrowser("samples are searched, filtered and sorted", async (t, browser, address) => {
  const { page } = await open(browser, address);
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.matches("input[type=search]"));
  await page.keyboard.type("atomic tin");
  await page.waitForFunction(() => document.querySelectorAll(".sample-list li").length === 1);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.startsWith("#/sample/element-tin"));
  await goTo(page, "#/samples?tag=kind%3A%20harmful");
  t.is(await page.locator(".sample-list li").count(), 8);
  await goTo(page, "#/samples?sort=shifted");
  const shares = (await page.locator(".sample-figures b").allTextContents())
    .map(Number.parseFloat)
    .filter((share) => !Number.isNaN(share));
  t.true(shares.length > 10);
  t.deepEqual(
    shares,
    shares.toSorted((a, b) => b - a),
  );
  await goTo(page, "#/sample/nobody");
  t.is(await page.locator("h1").textContent(), "No such sample");
});
