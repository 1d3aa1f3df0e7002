import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test, { type ExecutionContext } from "ava";
import { type Browser, chromium, type Page } from "playwright-core";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const chromePath = process.env["CHROME_PATH"] ?? places.find((place) => existsSync(place)) ?? null;
const flags =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** Runs in a browser of its own, or is visibly skipped where there is none. */
export function inBrowser(title: string, run: (t: ExecutionContext, browser: Browser) => Promise<void>): void {
  const declare = chromePath === null ? test.serial.skip : test.serial;
  declare(chromePath === null ? `${title} — SKIPPED: no Chromium found; set CHROME_PATH` : title, async (t) => {
    t.timeout(240_000);
    const browser = await chromium.launch({ executablePath: chromePath ?? "", args: flags.split(" ") });
    t.teardown(() => browser.close());
    await run(t, browser);
  });
}

export interface Look {
  readonly width?: number;
  readonly dark?: boolean;
}

/** Opens the page; `complaints` gathers console errors, uncaught exceptions and requests for anything but the page's server. */
export async function open(browser: Browser, url: string, { width = 1440, dark = false }: Look = {}) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: dark ? "dark" : "light" });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:,")) complaints.push(request.url());
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  await page.waitForSelector("h1");
  return { page, complaints };
}

/** The heading and, in an item, how many are done. */
export async function place(page: Page): Promise<string> {
  return ((await page.locator("h1").textContent()) ?? "").trim();
}

/** Presses keys one after the other. */
export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

export async function waitForPlace(page: Page, text: string): Promise<void> {
  await page.waitForFunction((wanted) => document.querySelector("h1")?.textContent?.startsWith(wanted) ?? false, text, {
    timeout: 15_000,
  });
}

/** Serious and critical findings of axe on what is shown. */
export async function axeFindings(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  // Evaluated by the debugger: the page's own policy would refuse a script element.
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.length} × ${nodes[0]?.html.slice(0, 200)}`);
  });
}
