import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Sample } from "@unshift/contracts";
import { createStore } from "@unshift/store";
import type { Page } from "playwright-core";
import { serve } from "../page-client.js";
import { questions, type SyntheticRun, writeRun } from "../synthetic-run.js";
import { axeFindings, inBrowser, open, place, press, waitForPlace } from "./open-page.js";

const paragraph =
  "The sky looks blue because the air scatters short waves of sunlight much more than long ones. Light from the sun holds all colours; on its way through the air the blue part is sent in all directions, so that it reaches the eye from everywhere.";
const short =
  "Because of Rayleigh scattering: air scatters blue light about four times as much as red.\n\n- At noon the way is short.\n- At dusk it is long, and red is left.";
const hostile =
  "</script><script>alert(1)</script><img src=x onerror=alert(2)>\n{{constructor}} **bold** [link](javascript:alert(3))\u202Ereversed\u0000\u200B end";

function longRun(): SyntheticRun {
  const samples: Sample[] = questions(4).map((sample, index) => ({
    ...sample,
    messages: [
      {
        role: "user",
        content:
          [
            "Why is the sky blue?",
            "Write a haiku about a blue sky.",
            "Who wrote Faust?",
            "And when was the second part written?",
          ][index] ?? "",
      },
    ],
  }));
  const answer = (system: string, { id }: Sample) =>
    system === "terse"
      ? short
      : id === "q1"
        ? hostile
        : Array.from({ length: 6 }, (_, n) => `${n + 1}. ${paragraph}`).join("\n\n");
  return { systems: ["terse", "wordy"], samples, answer };
}

/** Screenshots are kept where `UNSHIFT_PICTURES` names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["UNSHIFT_PICTURES"];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

async function begin(page: Page, name = "ada"): Promise<void> {
  await page.keyboard.type(name);
  await press(page, "Enter");
  await page.waitForSelector("main.item, main.end");
}

for (const [width, dark] of [
  [1440, false],
  [1440, true],
  [390, false],
  [390, true],
] as const) {
  for (const mode of ["pairwise", "rubric"] as const) {
    inBrowser(
      `${mode}: every view is accessible and quiet: ${width} px, ${dark ? "dark" : "light"}`,
      async (t, browser) => {
        const look = `${mode}-${width}-${dark ? "dark" : "light"}`;
        const { server } = await serve(t, await writeRun(t, longRun()), { mode, reveal: true });
        const { page, complaints } = await open(browser, server.url, { width, dark });
        const check = async (view: string) => {
          t.deepEqual(await axeFindings(page), [], view);
          t.true(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${view} is too wide`);
          await picture(page, `${look}-${view}`);
        };
        await check("start");
        await begin(page);
        await check("item");
        await press(page, "?");
        await page.waitForSelector("dialog[open]");
        await check("keys");
        await press(page, "Escape");
        await press(page, "Enter");
        await page.waitForSelector(".fault:not(:empty)");
        await check("fault");
        const total = mode === "pairwise" ? 4 : 8;
        for (let at = 1; at <= total; at += 1) {
          await waitForPlace(page, `Item ${at} of`);
          if (at === 3) await check("third");
          await press(page, ...(mode === "pairwise" ? ["a"] : ["4", "5", "x", "2", "3"]));
          await press(page, "Enter");
        }
        await waitForPlace(page, "That was all");
        await check("end");
        await page.getByRole("button", { name: "Which system was which?" }).click();
        await check("confirm");
        await page.getByRole("button", { name: "End my judging and show it" }).click();
        await page.waitForSelector(".key table");
        await check("key");
        t.deepEqual(complaints, []);
      },
    );
  }
}

inBrowser(
  "pairs by keyboard alone: choose, note, skip, back, change, finish; all of it is in the folder",
  async (t, browser) => {
    const folder = await writeRun(t, longRun());
    const { server, stop } = await serve(t, folder);
    const { page, complaints } = await open(browser, server.url);
    await begin(page, "Ada");
    t.is(await place(page), "Item 1 of 4");
    t.is(await page.evaluate(() => document.activeElement?.tagName), "H1", "the place is read first");
    await press(page, "Enter");
    t.is(await page.locator(".fault").textContent(), "Choose for Overall, or skip the item.");
    await press(page, "b", "n");
    await page.keyboard.type("says abtu? and why");
    await press(page, "Escape", "Enter");
    await waitForPlace(page, "Item 2 of 4");
    t.is(await page.locator(".progress b").textContent(), "1");
    await press(page, "s");
    await waitForPlace(page, "Item 3 of 4");
    await press(page, "t", "n", "Control+Enter");
    await waitForPlace(page, "Item 4 of 4");
    await press(page, "u");
    await waitForPlace(page, "Item 3 of 4");
    await press(page, "u");
    await waitForPlace(page, "Item 2 of 4");
    t.regex(await place(page), /skipped; you may change it/);
    await press(page, "a", "Enter");
    await waitForPlace(page, "Item 3 of 4");
    t.true(await page.getByRole("radio", { name: "Tie: neither is better" }).isChecked());
    await press(page, "f");
    await waitForPlace(page, "Where you stand");
    t.deepEqual(await page.locator(".figures dd").allTextContents(), ["3", "0", "1"]);
    t.is(await page.getByRole("button", { name: /which/i }).count(), 0, "no key was asked for");
    await press(page, "u");
    await waitForPlace(page, "Item 4 of 4");
    // By Tab and arrows, as radio buttons go everywhere.
    for (
      let at = 0;
      at < 20 && (await page.evaluate(() => (document.activeElement as HTMLInputElement).type)) !== "radio";
      at += 1
    ) {
      await press(page, "Tab");
    }
    await press(page, "ArrowRight", "ArrowRight");
    t.true(await page.getByRole("radio", { name: "Answer B is better" }).isChecked());
    await press(page, "Enter");
    await waitForPlace(page, "That was all");
    t.deepEqual(complaints, []);
    await stop();

    const store = await createStore().open(folder, { readOnly: true });
    const verdicts = await store.verdicts();
    await store.close();
    t.is(verdicts.length, 4);
    t.deepEqual([...new Set(verdicts.map(({ judge }) => judge))], ["human:ada"]);
    t.true(verdicts.every(({ judgement }) => judgement.status === "preferred"));
    t.deepEqual(
      verdicts.flatMap(({ judgement }) => ("rationale" in judgement ? [judgement.rationale] : [])),
      ["says abtu? and why"],
    );
  },
);

inBrowser("a rubric by keyboard alone, broken off and gone on with under the same name", async (t, browser) => {
  const folder = await writeRun(t, longRun());
  const first = await serve(t, folder, { mode: "rubric", rater: "ada" });
  const { page, complaints } = await open(browser, first.server.url);
  await press(page, "Enter");
  await waitForPlace(page, "Item 1 of 8");
  await press(page, "1", "2");
  t.is(await page.evaluate(() => document.activeElement?.closest("fieldset")?.id), "aspect-factuality");
  await press(page, "ArrowUp", "5", "3", "x", "4", "Enter");
  await waitForPlace(page, "Item 2 of 8");
  await press(page, "9", "6", "Enter");
  t.is(
    await page.locator(".fault").textContent(),
    "Choose for Helpfulness, or skip the item.",
    "9 and 6 are no scores",
  );
  t.deepEqual(complaints, []);
  await first.stop();
  await press(page, "s");
  await page.waitForSelector(".fault:has-text('does not answer')");

  const again = await serve(t, folder, { mode: "rubric", rater: "ada" });
  const { page: later } = await open(browser, again.server.url);
  await press(later, "Enter");
  await waitForPlace(later, "Item 2 of 8");
  t.is(await later.locator(".progress b").textContent(), "1");
  await press(later, "u");
  await waitForPlace(later, "Item 1 of 8");
  const checked = await later
    .locator("input:checked")
    .evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value));
  t.deepEqual(checked, ["1", "5", "3", "null", "4"]);
});

inBrowser("two raters at once; what models wrote is text and nothing else", async (t, browser) => {
  const { server } = await serve(t, await writeRun(t, longRun()));
  const { page: ada, complaints } = await open(browser, server.url);
  const { page: bob } = await open(browser, server.url);
  await begin(ada, "ada");
  await begin(bob, "bob");
  await press(ada, "a", "Enter");
  await press(bob, "b", "Enter");
  await waitForPlace(ada, "Item 2 of 4");
  await waitForPlace(bob, "Item 2 of 4");
  let seen = "";
  for (let at = 2; at <= 4; at += 1) {
    await waitForPlace(ada, `Item ${at} of 4`);
    seen += await ada.locator(".answers").textContent();
    t.is(await ada.locator(".answers :is(script, img, a, strong)").count(), 0);
    if (at < 4) await press(ada, "t", "Enter");
  }
  for (let at = 3; at >= 1; at -= 1) {
    await press(ada, "u");
    await waitForPlace(ada, `Item ${at} of 4`);
  }
  seen += await ada.locator(".answers").textContent();
  t.true(seen.includes("</script><script>alert(1)</script><img src=x onerror=alert(2)>"));
  t.true(seen.includes("U+202E") && seen.includes("U+0000") && seen.includes("U+200B"));
  t.false(/terse|wordy/.test(await ada.content()));
  t.deepEqual(complaints, []);
});
