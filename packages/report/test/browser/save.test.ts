import { readFile } from "node:fs/promises";
import test from "ava";
import { analysed } from "../synthetic/analysed.js";
import { recordedRun } from "../synthetic/recorded.js";
import { chromePath, goTo, launch, open, writeReport } from "./open-report.js";

const title = "a chart is saved as a picture of its own, and what it draws as CSV";
const declare = chromePath === null ? test.serial.skip : test.serial;

declare(chromePath === null ? `${title} — SKIPPED: no Chromium found; set CHROME_PATH` : title, async (t) => {
  t.timeout(240_000);
  const browser = await launch();
  t.teardown(() => browser.close());
  const input = await analysed(recordedRun());
  const { page, complaints } = await open(browser, await writeReport(input));
  await goTo(page, "#/shift");
  const saved = async (button: string): Promise<{ name: string; text: string }> => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: button }).click(),
    ]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  };

  const csv = await saved("Save the data of Unshifted as CSV");
  t.is(csv.name, "unshifted.csv");
  const table = input.tables.find(({ name }) => name === "position_curves");
  const at = (name: string): number => table?.columns.findIndex((column) => column.name === name) ?? -1;
  const names = ["from_position", "to_position", "unshifted", "unshifted_low", "unshifted_high", "positions"];
  t.deepEqual(csv.text.trimEnd().split("\n"), [
    "series,from_position,to_position,value,low,high,n",
    ...(table?.rows ?? []).map((row) =>
      [String(row[at("shift")]).replace("→", " → "), ...names.map((name) => row[at(name)] ?? "")].join(","),
    ),
  ]);

  const svg = await saved("Save Unshifted as SVG");
  t.is(svg.name, "unshifted.svg");
  // It stands alone: it parses as XML, names no class of the page, and holds colours, title and key.
  const found = await page.evaluate((text) => {
    const { documentElement: root } = new DOMParser().parseFromString(text, "image/svg+xml");
    return {
      root: root.nodeName,
      space: root.namespaceURI,
      classes: root.querySelectorAll("[class]").length,
      curves: [...root.querySelectorAll("path")].filter((path) => path.getAttribute("fill") === "none").length,
      colours: new Set([...root.querySelectorAll("path")].map((path) => path.getAttribute("stroke"))).size,
      texts: [...root.querySelectorAll("text")].map((element) => element.textContent),
    };
  }, svg.text);
  t.like(found, { root: "svg", space: "http://www.w3.org/2000/svg", classes: 0, curves: 3 });
  t.true(found.colours >= 3);
  for (const text of ["Unshifted", "aligned → zero-shot", "aligned → urial", "gpt-4 → zero-shot"]) {
    t.true(found.texts.includes(text), text);
  }

  const bars = await saved("Save the data of Share of shifted positions as CSV");
  t.is(bars.text.trimEnd().split("\n").length, 1 + 20 * input.shifts.length);
  t.deepEqual(
    complaints.filter((complaint) => !complaint.startsWith("request: blob:")),
    [],
  );
});
