import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { goTo, launch, open, writeReport } from "../browser/open-report.js";
import { analysed } from "./analysed.js";
import { largeRun } from "./large.js";

/**
 * Measures the report of a large run in Chromium: `node dist/test/synthetic/measure.js [samples] [tokens]` (1000 and 300). Prints size,
 * time to the first view, times to open samples, to filter and to scroll the list, as JSON.
 */
const [samples = 1000, tokens = 300] = process.argv.slice(2).map(Number);
const browser = await launch();
try {
  const started = performance.now();
  const input = await analysed(largeRun(samples, tokens));
  const analysedMs = performance.now() - started;
  const address = await writeReport(input);
  const writtenMs = performance.now() - started - analysedMs;
  const { size } = await stat(fileURLToPath(address));
  const firstViews: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const before = performance.now();
    const opened = await open(browser, address);
    firstViews.push(performance.now() - before);
    await opened.page.close();
  }
  const { page, complaints } = await open(browser, address);
  const timed = async (act: () => Promise<unknown>): Promise<number> => {
    const before = performance.now();
    await act();
    return performance.now() - before;
  };
  const opens: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    const id = `sample-${Math.floor((i * 0.618 * samples) % samples)}`;
    opens.push(
      await timed(async () => {
        await goTo(page, `#/sample/${id}`);
        await page.waitForSelector(".answer [aria-selected=true], .note");
        await page.waitForSelector(".verdict");
      }),
    );
  }
  const views: Record<string, number> = {};
  for (const view of ["shift", "tokens", "judges", "samples", "method"])
    views[view] = await timed(() => goTo(page, `#/${view}`));
  const judged = "#/samples?judge=judge-model&aspect=helpfulness";
  const list = {
    sortByScore: await timed(() => goTo(page, `${judged}&sort=low`)),
    filterByScore: await timed(() => goTo(page, `${judged}&from=1&to=2`)),
    inconsistent: await timed(() => goTo(page, "#/samples?state=inconsistent")),
    scrollToEnd: await timed(async () => {
      await goTo(page, "#/samples");
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await page.waitForFunction(
        (last) => [...document.querySelectorAll(".sample-meta > bdi")].some(({ textContent }) => textContent === last),
        `sample-${samples - 1}`,
      );
    }),
    rowsDrawn: await page.locator(".sample-list li").count(),
  };
  const sorted = opens.toSorted((a, b) => a - b);
  console.log(
    JSON.stringify(
      {
        samples,
        tokens,
        answers: input.answers.length,
        verdicts: input.verdicts.length,
        megabytes: size / 1e6,
        analysedMs,
        writtenMs,
        firstViews,
        sampleMedianMs: sorted[10],
        sampleWorstMs: sorted.at(-1),
        views,
        list,
        complaints,
      },
      (_, value: unknown) => (typeof value === "number" ? Math.round(value * 10) / 10 : value),
      2,
    ),
  );
} finally {
  await browser.close();
}
