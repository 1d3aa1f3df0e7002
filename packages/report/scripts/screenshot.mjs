/**
 * Pictures of a report for the README: `node scripts/screenshot.mjs report.html outdir [--dark] [--width 1440] [--hash "#/shift"]`
 * writes overview.png and sample.png (or view.png for a hash of your own). Needs Chromium: CHROME_PATH or the usual places.
 */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dark: { type: "boolean" },
    width: { type: "string", default: "1440" },
    height: { type: "string", default: "1000" },
    hash: { type: "string" },
    full: { type: "boolean" },
  },
});
const [report, folder] = positionals;
const executablePath = process.env.CHROME_PATH ?? places.find((place) => existsSync(place));
if (report === undefined || folder === undefined || executablePath === undefined) {
  console.error(
    executablePath === undefined
      ? "No Chromium found: set CHROME_PATH."
      : "usage: screenshot.mjs <report.html> <outdir>",
  );
  process.exit(2);
}

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath,
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  const page = await browser.newPage({
    viewport: { width: Number(values.width), height: Number(values.height) },
    deviceScaleFactor: 1,
    colorScheme: values.dark ? "dark" : "light",
  });
  await page.goto(pathToFileURL(path.resolve(report)).href);
  await page.waitForSelector("h1");
  const shoot = (name) => page.screenshot({ path: path.join(folder, name), fullPage: values.full ?? false });
  if (values.hash !== undefined) {
    await open(page, values.hash);
    await shoot("view.png");
  } else {
    await shoot("overview.png");
    await open(page, "#/samples?sort=shifted");
    await page.click(".sample-list a");
    await page.waitForSelector(".answer .token[aria-selected=true]");
    await shoot("sample.png");
  }
} finally {
  await browser.close();
}

async function open(page, hash) {
  await page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);
  await page.waitForTimeout(300);
}
