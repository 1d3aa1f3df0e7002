import type { ReportInput } from "@unshift/contracts/services";
import test, { type ExecutionContext } from "ava";
import type { Browser } from "playwright-core";
import { analysed } from "../synthetic/analysed.js";
import { firstTurn, onlyRecorded, recordedRun, runaway, secondTurn } from "../synthetic/recorded.js";
import { axeFindings, chromePath, goTo, launch, open, writeReport } from "./open-report.js";

const views = ["#/", "#/shift", "#/tokens", "#/samples", `#/sample/${firstTurn}`];
const gpt4 = "subject=gpt-4%E2%86%92zero-shot";

let example: Promise<{ readonly input: ReportInput; readonly address: string }> | null = null;
function exampleReport(): NonNullable<typeof example> {
  example ??= analysed(recordedRun()).then(async (input) => ({ input, address: await writeReport(input) }));
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

inBrowser("the run's notes stand on every view that holds figures", async (t, browser, address, input) => {
  const { page, complaints } = await open(browser, address);
  for (const view of views) {
    await goTo(page, view);
    t.deepEqual(await page.locator(".notes li").allTextContents(), [...input.manifest.notes], view);
  }
  t.deepEqual(complaints, []);
});

inBrowser(
  "without a reference there is no KL, no list of the reference, and the reason is told",
  async (t, browser, address) => {
    const { page, complaints } = await open(browser, address);
    const text = async (selector: string): Promise<string> => (await page.locator(selector).textContent()) ?? "";
    const [own, , recorded] = await page.locator(".shift-card").all();
    t.regex((await own?.textContent()) ?? "", /mean KL/);
    t.notRegex((await recorded?.textContent()) ?? "", /mean KL/);
    t.regex((await recorded?.textContent()) ?? "", /text tokenised anew/);

    await goTo(page, `#/sample/capital-kenya?pos=0&${gpt4}`);
    await page.waitForSelector(".inspector");
    t.is(await page.locator(".alternatives").count(), 1);
    t.is(await page.locator(".divergences").count(), 0);
    t.deepEqual(await page.locator(".pair thead th").allTextContents(), ["zero-shot"]);
    t.notRegex(await text(".answer-head"), /KL/);
    t.regex(await text(".without-reference"), /came without a model: their ids are the text tokenised anew/);
    t.regex(await text(".contexts"), /answered elsewhere/);
    t.regex(await text(".cards"), /made elsewhere by gpt-4-0613 and tokenised anew/);
    await goTo(page, "#/sample/capital-kenya?pos=0&subject=aligned%E2%86%92zero-shot");
    await page.waitForSelector(".divergences");
    t.is(await page.locator(".alternatives").count(), 2);

    await goTo(page, `#/samples?${gpt4}`);
    t.is(await page.locator("option[value=kl]").count(), 0);
    t.notRegex(await text(".sample-list"), /KL|NaN/);
    await goTo(page, `#/tokens?${gpt4}`);
    t.is(await page.locator("section[aria-labelledby=largest]").count(), 0);
    t.deepEqual(complaints, []);
  },
);

inBrowser("a run in which nothing has a reference draws no empty chart and no NaN", async (t, browser) => {
  const { page, complaints } = await open(browser, await writeReport(await analysed(onlyRecorded())));
  for (const view of views) {
    await goTo(page, view);
    const shown = (await page.locator("main").textContent()) ?? "";
    t.notRegex(shown, /NaN|undefined|mean KL/i, view);
    for (const curve of await page.locator("svg path.curve").all()) {
      t.true(((await curve.getAttribute("d")) ?? "").length > 10, view);
    }
  }
  await goTo(page, "#/");
  t.regex((await page.locator(".chart figcaption").first().textContent()) ?? "", /Shifted by position/);
  await goTo(page, "#/shift");
  t.true((await page.locator(".charts .chart").count()) >= 5);
  t.deepEqual(complaints, []);
});

inBrowser(
  "a chat's earlier turns stand above with the system's own answer, and link both ways",
  async (t, browser, address, input) => {
    const { page } = await open(browser, address);
    await goTo(page, `#/sample/${encodeURIComponent(secondTurn)}?subject=aligned%E2%86%92urial`);
    await page.waitForSelector(".chat .turn-answer");
    const said = (system: string): string => {
      const answer = input.answers.find((record) => record.system === system && record.sampleId === firstTurn);
      return answer?.status === "answered" ? answer.text : "?";
    };
    const question = input.samples.find(({ id }) => id === firstTurn)?.messages[0]?.content ?? "?";
    t.is(await page.locator(".chat .turn-said").first().textContent(), question);
    const own = page.locator(".chat .turns > li > .turn-answer");
    t.is(await own.count(), 1);
    t.is(await own.locator(".model-text").textContent(), said("aligned"));
    t.false(await page.locator(".chat details .turn-answer").first().isVisible());
    await page.locator(".chat details summary").click();
    t.deepEqual(
      await page.locator(".chat details .turn-answer .model-text").allTextContents(),
      ["zero-shot", "urial", "gpt-4"].map(said),
    );
    await page.locator(".chat .role a").first().click();
    await page.waitForSelector(".later-turns a");
    t.is(await page.locator(".sample-id").textContent(), firstTurn);
    t.is(await page.locator(".chat").count(), 0);
    await page.locator(".later-turns a").click();
    await page.waitForSelector(".chat .turn-answer");
    t.is(await page.locator(".sample-id").textContent(), secondTurn);
    await goTo(page, "#/shift");
    t.regex((await page.locator("main").textContent()) ?? "", /resampled by chat/);
    await goTo(page, "#/samples?q=capital-japan");
    t.deepEqual(await page.locator(".sample-list .follows bdi").allTextContents(), [firstTurn]);
  },
);

inBrowser("a follow-up whose first turn is not in the run says so", async (t, browser, _address, input) => {
  const samples = input.samples.filter(({ id }) => id !== firstTurn);
  const { page, complaints } = await open(browser, await writeReport({ ...input, samples }));
  await goTo(page, `#/sample/${encodeURIComponent(secondTurn)}`);
  await page.waitForSelector(".chat");
  t.regex((await page.locator(".chat").textContent()) ?? "", /begins with capital-japan, which is not in this run/);
  t.deepEqual(complaints, []);
});

inBrowser("runaway repetitions are counted in the overview and marked in the answer", async (t, browser, address) => {
  const { page } = await open(browser, address);
  const systems = page.getByRole("region", { name: "Systems" });
  t.true((await systems.locator("thead th").allTextContents()).some((head) => head.trim() === "Runaway"));
  const row = systems.locator("tbody tr").filter({ has: page.locator("th", { hasText: "aligned" }) });
  t.regex((await row.textContent()) ?? "", /12\.4/);
  await goTo(page, `#/sample/${runaway.sample}?subject=aligned%E2%86%92zero-shot`);
  await page.waitForSelector(".answer");
  t.deepEqual(
    await page
      .locator(".answer .token")
      .evaluateAll((tokens) => tokens.findIndex((token) => token.matches(".runaway"))),
    runaway.start,
  );
  t.regex(
    (await page.locator(".reading-main > .runaway-note").textContent()) ?? "",
    /the same 4 tokens over and over: 3 times, from the 29th token on/,
  );
  t.is(await page.locator(".card .runaway-note").count(), 2);
  await goTo(page, `#/sample/${firstTurn}`);
  await page.waitForSelector(".answer");
  t.is(await page.locator(".runaway, .runaway-note").count(), 0);
});

for (const dark of [false, true]) {
  inBrowser(`no serious finding of axe, ${dark ? "dark" : "light"}`, async (t, browser, address) => {
    const { page } = await open(browser, address, { dark });
    for (const view of [
      "#/",
      `#/sample/${encodeURIComponent(secondTurn)}?${gpt4}`,
      `#/sample/${runaway.sample}`,
      `#/tokens?${gpt4}`,
    ]) {
      await goTo(page, view);
      t.deepEqual(await axeFindings(page), [], view);
    }
  });
}
