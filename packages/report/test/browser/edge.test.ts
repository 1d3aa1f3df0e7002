import type { ReportInput } from "@unshift/contracts/services";
import test, { type ExecutionContext } from "ava";
import type { Browser } from "playwright-core";
import { analysed } from "../synthetic/analysed.js";
import {
  bidi,
  hostileQuestions,
  hostileTexts,
  hugeTokenQuestion,
  loneSurrogates,
  longQuestion,
} from "../synthetic/hostile.js";
import { questions } from "../synthetic/questions.js";
import { type SyntheticRun, syntheticRun } from "../synthetic/run.js";
import { chromePath, goTo, launch, open, writeReport } from "./open-report.js";

const allViews = ["#/", "#/shift", "#/tokens", "#/samples", "#/method"];

function inBrowser(title: string, run: (t: ExecutionContext, browser: Browser) => Promise<void>): void {
  const declare = chromePath === null ? test.serial.skip : test.serial;
  declare(chromePath === null ? `${title} — SKIPPED: no Chromium found; set CHROME_PATH` : title, async (t) => {
    t.timeout(240_000);
    const browser = await launch();
    t.teardown(() => browser.close());
    await run(t, browser);
  });
}

async function visitAll(t: ExecutionContext, browser: Browser, input: ReportInput): Promise<void> {
  const { page, complaints } = await open(browser, await writeReport(input));
  for (const view of allViews) {
    await goTo(page, view);
    t.true(((await page.locator("main").textContent()) ?? "").length > 10, view);
  }
  for (const { id } of input.samples.slice(0, 3)) await goTo(page, `#/sample/${encodeURIComponent(id)}`);
  t.deepEqual(complaints, []);
}

inBrowser("hostile texts are shown as they are and run nowhere", async (t, browser) => {
  const input = await analysed(syntheticRun(hostileQuestions()));
  const { page, complaints } = await open(browser, await writeReport(input));
  for (const view of allViews) await goTo(page, view);
  for (const [index, text] of Object.values(hostileTexts).entries()) {
    await goTo(page, "#/samples");
    await page.locator(".sample-list a").nth(index).click();
    await page.waitForSelector(".answer");
    t.is(await page.locator(".question h1").textContent(), text);
    t.true((await page.locator(".card .said").first().textContent())?.startsWith(text));
  }
  await goTo(page, `#/sample/${encodeURIComponent("<b>&\"'/../?x=1#y %2F")}`);
  t.is(await page.locator(".sample-id").textContent(), "<b>&\"'/../?x=1#y %2F");
  await goTo(page, "#/sample/__proto__");
  t.is(await page.locator(".question h1").textContent(), hostileTexts.image);
  const shown = async (wanted: string): Promise<string | null> => {
    const head = input.samples.find(({ messages }) => messages[0]?.content === wanted);
    await goTo(page, `#/sample/${encodeURIComponent(head?.id ?? "")}`);
    return page.locator(".question h1").textContent();
  };
  t.is(await shown(loneSurrogates), "high U+D83D low U+DE00 end");
  t.is(await shown(bidi), "abc U+202Egnp.exeU+202C U+2066xU+2069");
  t.is(await page.evaluate(() => Reflect.get(globalThis, "pwned")), undefined);
  t.deepEqual(complaints, []);
});

inBrowser("an answer of 10,000 tokens opens and is walked", async (t, browser) => {
  const run = syntheticRun([longQuestion(10_000), hugeTokenQuestion(), ...questions().slice(0, 2)]);
  const { page, complaints } = await open(browser, await writeReport(run));
  const start = Date.now();
  await goTo(page, "#/sample/long?pos=0");
  await page.waitForSelector(".answer [aria-selected=true]");
  const opened = Date.now() - start;
  const count = await page.locator(".answer [role=option]").count();
  t.true(count > 9_000);
  const step = Date.now();
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector(".answer [data-t='1'][aria-selected=true]");
  t.log(`${count} tokens: opened in ${opened} ms, one step in ${Date.now() - step} ms`);
  t.true(opened < 10_000);
  await goTo(page, "#/sample/huge");
  await page.waitForSelector(".answer");
  t.true(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  t.deepEqual(complaints, []);
});

inBrowser("a run without shifts, one without judges, one without samples", async (t, browser) => {
  const run = syntheticRun(questions().slice(0, 6));
  const without = (change: Partial<SyntheticRun>): Promise<ReportInput> => analysed({ ...run, ...change });
  await visitAll(t, browser, await without({ shifts: [] }));
  await visitAll(t, browser, await without({ verdicts: [] }));
  await visitAll(
    t,
    browser,
    await without({
      samples: [],
      answers: [],
      verdicts: [],
      shifts: run.shifts.map((shift) => ({ ...shift, comparisons: [] })),
      stored: new Map(),
    }),
  );
  await visitAll(t, browser, { ...run, tables: [] });
});

inBrowser("samples all skipped, answers empty, failed and of one token", async (t, browser) => {
  const run = syntheticRun(questions().slice(0, 6));
  const reason = { code: "CONTEXT_TOO_SMALL", message: "Too long." };
  const skipped = run.shifts.map((shift) => ({
    ...shift,
    comparisons: shift.comparisons.map((record) => ({
      ...record,
      status: "skipped" as const,
      positions: 0,
      reason,
      subjectPrompt: null,
    })),
  }));
  const nothing = await analysed({ ...run, shifts: skipped, stored: new Map() });
  await visitAll(t, browser, nothing);
  const { page } = await open(browser, await writeReport(nothing));
  t.is(await page.locator(".paired").count(), 0);
  t.deepEqual(
    await page.locator(".shift-card .note").allTextContents(),
    run.shifts.map(() => "No answer could be compared: 6 skipped (the first: Too long)."),
  );
  t.notRegex((await page.locator("main").textContent()) ?? "", /– percentage points|no shifted token/);

  const empty = run.shifts.map((shift) => ({
    ...shift,
    positions: () => Promise.resolve(null),
    comparisons: shift.comparisons.map((record) => ({
      ...record,
      status: "scored" as const,
      reason: null,
      positions: 0,
    })),
  }));
  const failed = run.answers.map((answer) => ({
    key: answer.key,
    system: answer.system,
    sampleId: answer.sampleId,
    status: "failed" as const,
    reason,
    promptTokens: null,
    contextSize: null,
  }));
  await visitAll(
    t,
    browser,
    await analysed({ ...run, answers: failed, verdicts: [], shifts: empty, stored: new Map() }),
  );

  const one = questions()[0];
  if (one !== undefined)
    await visitAll(t, browser, await analysed(syntheticRun([{ ...one, aligned: "", zeroShot: "", urial: "" }])));
});
