import type { Table, VerdictRecord } from "@unshift/contracts";
import type { ReportInput } from "@unshift/contracts/services";
import test, { type ExecutionContext } from "ava";
import type { Browser } from "playwright-core";
import { count, percent, real } from "../../src/app/text/format.js";
import { createHtmlReporter } from "../../src/index.js";
import { analysed } from "../synthetic/analysed.js";
import { bidi, hostileTexts } from "../synthetic/hostile.js";
import { inconsistentAt, judgedRun, repairedAt, unparsedAt } from "../synthetic/judged.js";
import { questions } from "../synthetic/questions.js";
import { type SyntheticRun, syntheticRun } from "../synthetic/run.js";
import { axeFindings, chromePath, goTo, launch, open, writeReport } from "./open-report.js";

const scored = "#/samples?judge=judge-model&aspect=helpfulness";
const views = ["#/", "#/judges", "#/method", `${scored}&sort=low`, "#/samples?state=inconsistent"];
const samples = [repairedAt.sample, unparsedAt.sample, "harmful-4b"].map((id) => `#/sample/${id}`);

let example: Promise<{ readonly input: ReportInput; readonly address: string }> | null = null;
function exampleReport(): NonNullable<typeof example> {
  example ??= analysed(judgedRun()).then(async (input) => ({ input, address: await writeReport(input) }));
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

/** Rows of a table as objects. */
function rowsOf(input: ReportInput, name: string): Record<string, Table["rows"][number][number]>[] {
  const table = input.tables.find((candidate) => candidate.name === name);
  return (table?.rows ?? []).map((row) =>
    Object.fromEntries((table?.columns ?? []).map((column, at) => [column.name, row[at] ?? null])),
  );
}

for (const [width, dark] of [
  [1440, false],
  [1440, true],
  [390, false],
  [390, true],
] as const) {
  inBrowser(
    `what judges said is drawn, accessible and quiet: ${width} px, ${dark ? "dark" : "light"}`,
    async (t, browser, address) => {
      const { page, complaints } = await open(browser, address, { width, dark });
      for (const view of [...views, ...samples]) {
        await goTo(page, view);
        for (const summary of await page.locator(".verdict summary, .of-judge .tag-fold > summary").all())
          await summary.click();
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

inBrowser(
  "scores, averages, preferences, differences and tags are the tables' figures",
  async (t, browser, address, input) => {
    const { page } = await open(browser, address);
    await goTo(page, "#/judges");
    const cells = async (region: string): Promise<string[][]> =>
      page
        .getByRole("region", { name: region, exact: true })
        .locator("tbody tr")
        .evaluateAll((lines) => lines.map((line) => [...line.children].map(({ textContent }) => textContent ?? "")));

    const scores = rowsOf(input, "scores").filter(({ judge }) => judge === "judge-model");
    const averages = rowsOf(input, "score_averages").filter(({ judge }) => judge === "judge-model");
    const shown = await cells("Scores by judge-model");
    t.is(shown.length, input.systems.length);
    for (const [line, { id }] of input.systems.entries()) {
      const own = scores.filter(({ system }) => system === id);
      t.is(own.length, 6);
      for (const [at, row] of own.entries()) {
        const text = shown[line]?.[at + 1] ?? "";
        t.true(text.startsWith(real(Number(row.mean))), text);
        t.true(text.includes(`${real(Number(row.mean_low))} to ${real(Number(row.mean_high))}`), text);
        t.true(text.includes(`n\u00a0${count(Number(row.n))}`), text);
      }
      const average = averages.find(({ system }) => system === id);
      t.true(shown[line]?.[7]?.startsWith(real(Number(average?.average))));
    }
    t.true(shown[2]?.at(-1)?.includes("1 unparsed"));
    t.true(shown[0]?.at(-1)?.includes("1 repaired"));
    t.true(shown[0]?.some((text) => text.includes("1\u00a0N/A")));

    const pairs = rowsOf(input, "preferences").filter(({ aspect }) => aspect === "overall");
    const bars = page.locator(".preference");
    t.is(await bars.count(), pairs.length);
    for (const [at, row] of pairs.entries()) {
      const shares = ["win_share", "tie_share", "loss_share", "inconsistent_share"].map((name) =>
        percent(Number(row[name])),
      );
      const expected = Number(row.inconsistent) > 0 ? shares : shares.slice(0, 3);
      t.deepEqual(await bars.nth(at).locator("dd b").allTextContents(), expected);
      t.is(await bars.nth(at).locator(".outcome-bar .inconsistent").count(), Number(row.inconsistent) > 0 ? 1 : 0);
    }

    const differences = rowsOf(input, "score_comparisons").filter(
      ({ judge, aspect }) => judge === "judge-model" && aspect === "helpfulness",
    );
    const figures = await cells("Differences in Helpfulness");
    t.is(figures.length, differences.length);
    for (const [at, row] of differences.entries()) {
      const p = (value: unknown): string => (Number(value) < 0.001 ? "< 0.001" : Number(value).toFixed(3));
      t.is(figures[at]?.[0], `${row.first} − ${row.second}`);
      t.deepEqual(figures[at]?.slice(4), [p(row.p), p(row.p_adjusted)]);
    }

    const tags = rowsOf(input, "scores_by_tag").filter(
      ({ judge, aspect, tag }) => judge === "judge-model" && aspect === "helpfulness" && tag === "domain",
    );
    const heat = await cells("Helpfulness by domain");
    t.is(heat.length, new Set(tags.map(({ value }) => value)).size);
    const capital = heat.find(([value]) => value === "countries");
    for (const [at, { id }] of input.systems.entries()) {
      const row = tags.find(({ value, system }) => value === "countries" && system === id);
      t.is(capital?.[at + 1], `${real(Number(row?.mean))} n\u00a0${count(Number(row?.n))}`);
    }
    t.is(await page.locator(".radar").count(), 1);
  },
);

inBrowser("a radar tells systems apart by mark and dash, and each can be hidden", async (t, browser, address) => {
  const { page } = await open(browser, address);
  const outlines = page.locator(".radar path.curve");
  t.is(await outlines.count(), 3);
  const dashes = await outlines.evaluateAll((all) => all.map((one) => getComputedStyle(one).strokeDasharray));
  t.is(new Set(dashes).size, 3);
  const marks = await page.locator(".system-key .marker").evaluateAll((all) => all.map((one) => one.getAttribute("d")));
  t.is(new Set(marks).size, 3);
  await page.locator(".system-key button").nth(1).click();
  t.is(await outlines.count(), 2);
  t.is(await page.locator(".system-key button").nth(1).getAttribute("aria-pressed"), "false");
});

inBrowser("verdicts stand beside the answer they are about", async (t, browser, address, input) => {
  const { page } = await open(browser, address);
  await goTo(page, samples[0] ?? "");
  const card = page.locator(".card").filter({ has: page.locator("h3", { hasText: /^aligned/ }) });
  const verdict = card.locator(".verdict").filter({ hasText: "judge-model" });
  const given = input.verdicts.filter(
    ({ judge, system, sampleId }) => judge === "judge-model" && system === "aligned" && sampleId === repairedAt.sample,
  );
  const [first, second] = given.map(({ judgement }) => (judgement.status === "scored" ? judgement.scores : {}));
  const clarity = verdict.locator(".scores > div").filter({ hasText: "Clarity" });
  t.is(await clarity.locator("b").textContent(), real(((first?.clarity ?? 0) + (second?.clarity ?? 0)) / 2));
  t.is(await clarity.locator(".once").count(), 2);
  t.deepEqual(await clarity.locator(".end").allTextContents(), ["1", "5"]);
  t.regex((await verdict.textContent()) ?? "", /judged twice/);
  t.regex((await verdict.locator(".repaired").textContent()) ?? "", /1st time: Reply repaired: .*"4\/5" read as 4/);
  t.regex(
    (await verdict.locator(".scores > div").filter({ hasText: "Factuality" }).textContent()) ?? "",
    /1 × does not apply/,
  );
  t.is(await verdict.locator("details .rationale").count(), 0);
  await verdict.locator("summary").first().click();
  t.regex((await verdict.locator("details .rationale").textContent()) ?? "", /It opens kindly/);
  t.regex((await card.locator(".person").textContent()) ?? "", /Ada a person/);

  const line = page.locator(".pair-verdicts tbody tr").filter({ hasText: "aligned against urial" });
  t.is(await line.locator("td").first().textContent(), "inconsistent");

  await goTo(page, samples[1] ?? "");
  const unread = page.locator(".card").filter({ has: page.locator("h3", { hasText: /^urial/ }) });
  t.regex(
    (await unread.locator(".verdict-state.unparsed").textContent()) ?? "",
    /1st time: Reply not understood: no score for clarity was found/,
  );
  await unread.locator("summary", { hasText: "The reply" }).click();
  t.is(await unread.locator("details .rationale").first().textContent(), "I would say it is fine, overall.");
});

inBrowser("samples are filtered and sorted by verdict", async (t, browser, address, input) => {
  const { page } = await open(browser, address);
  const ids = (): Promise<(string | null)[]> => page.locator(".sample-meta > bdi:first-child").allTextContents();
  await goTo(page, "#/samples?state=unparsed");
  t.deepEqual(await ids(), [unparsedAt.sample]);
  await goTo(page, "#/samples?judge=pairs&state=inconsistent");
  const inconsistent = input.samples.filter(({ id }) =>
    input.verdicts.some(
      ({ sampleId, judgement }) =>
        sampleId === id &&
        judgement.status === "preferred" &&
        Object.values(judgement.preferences).includes("inconsistent"),
    ),
  );
  t.true(inconsistent.some(({ id }) => id === inconsistentAt.sample));
  t.regex((await page.locator(".filters > .muted").textContent()) ?? "", new RegExp(`^${inconsistent.length} of `));

  const mean = (sample: string, system: string): number => {
    const scores = input.verdicts.flatMap(({ judge, system: of, sampleId, judgement }) =>
      judge === "judge-model" && of === system && sampleId === sample && judgement.status === "scored"
        ? [judgement.scores.helpfulness ?? Number.NaN]
        : [],
    );
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  };
  await goTo(page, `${scored}&of=urial&from=3.5&to=4&sort=low`);
  const expected = input.samples
    .map(({ id }) => ({ id, score: mean(id, "urial") }))
    .filter(({ score }) => score >= 3.5 && score <= 4)
    .sort((a, b) => a.score - b.score);
  t.true(expected.length > 5);
  const shown = await ids();
  t.is(shown.length, Math.min(expected.length, shown.length));
  t.deepEqual(
    shown,
    expected.slice(0, shown.length).map(({ id }) => id),
  );

  await goTo(page, "#/samples");
  await page.getByLabel("Judge and aspect").selectOption({ label: "judge-model: Depth" });
  await page.getByLabel("Lowest score").fill("4");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.includes("from=4"));
  t.regex(page.url(), /judge=judge-model&aspect=depth/);
  await page.getByLabel("Judge and aspect").selectOption("");
  await page.waitForFunction(() => !location.hash.includes("aspect="));
  t.notRegex(page.url(), /from=|judge=/);
});

inBrowser("tables that are absent take their charts with them, no more", async (t, browser, _address, input) => {
  const names = ["scores", "score_averages", "scores_by_tag", "score_comparisons", "preferences", "ratings"];
  for (const absent of [...names.map((name) => [name]), names]) {
    const tables = input.tables.filter(({ name }) => !absent.includes(name));
    const { page, complaints } = await open(browser, await writeReport({ ...input, tables }));
    for (const view of ["#/", "#/judges", samples[0] ?? ""]) {
      await goTo(page, view);
      t.notRegex((await page.locator("main").textContent()) ?? "", /NaN|undefined|Infinity/, `${absent} ${view}`);
    }
    t.deepEqual(complaints, [], absent.join());
    await page.close();
  }
});

inBrowser("what judges write is text: markup, bidi controls, 100 kB", async (t, browser) => {
  const hostile = [...Object.values(hostileTexts), bidi, "long ".repeat(20_000)];
  const run = judgedRun(syntheticRun(questions().slice(0, 10)), (n) => hostile[n % hostile.length] ?? "");
  const input = await analysed(withHostileNames(run));
  const { page, complaints } = await open(browser, await writeReport(input));
  for (const view of views) {
    await goTo(page, view);
    t.true(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), view);
  }
  for (const [index, text] of hostile.entries()) {
    const id = input.samples[index]?.id ?? "";
    const started = Date.now();
    await goTo(page, `#/sample/${id}`);
    await page.waitForSelector(".verdict");
    if (text.length > 50_000) {
      t.log(`a sample with ten rationales of 100 kB opened in ${Date.now() - started} ms`);
      await page.locator(".verdict summary").first().click();
    }
    const shown = await page.locator(".verdict .rationale").first().textContent();
    t.is(shown, text === bidi ? "abc U+202Egnp.exeU+202C U+2066xU+2069" : text);
  }
  await goTo(page, "#/judges");
  t.true((await page.locator("h2").allTextContents()).some((title) => title.includes(hostileTexts.closingScript)));
  t.is(await page.evaluate(() => Reflect.get(globalThis, "pwned")), undefined);
  t.deepEqual(complaints, []);
  const [once, again] = [await createHtmlReporter().render(input), await createHtmlReporter().render(input)];
  t.deepEqual(once[0]?.content, again[0]?.content);
});

/** A judge and a person whose names and aspects are markup, and names that every object has. */
function withHostileNames(run: SyntheticRun): SyntheticRun {
  const scores = Object.fromEntries([hostileTexts.image, "__proto__", "constructor"].map((name) => [name, 3]));
  const judges = [hostileTexts.closingScript, `human:${hostileTexts.image}`];
  const verdicts = run.samples.flatMap(({ id: sampleId }) =>
    judges.flatMap((judge) =>
      run.systems.map(
        ({ id: system }): VerdictRecord => ({
          key: `${judge}/${system}/${sampleId}`,
          judge,
          system,
          sampleId,
          judgement: { status: "scored", scores, rationale: hostileTexts.template },
        }),
      ),
    ),
  );
  return { ...run, verdicts: [...run.verdicts.filter(({ judge }) => judge !== "reference"), ...verdicts] };
}
