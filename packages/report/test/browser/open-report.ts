import { existsSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ReportInput } from "@unshift/contracts/services";
import { type Browser, chromium, type Page } from "playwright-core";
import { createHtmlReporter } from "../../src/index.js";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Chromium's path: CHROME_PATH or a usual place; null where there is none. */
export const chromePath = process.env.CHROME_PATH ?? places.find((place) => existsSync(place)) ?? null;

const flags =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: chromePath ?? "", args: flags.split(" ") });
}

/** Writes a report to a file of its own; returns its address. */
export async function writeReport(input: ReportInput): Promise<string> {
  const [file] = await createHtmlReporter().render(input);
  const target = path.join(await mkdtemp(path.join(tmpdir(), "unshift-report-")), "report.html");
  await writeFile(target, file?.content ?? "");
  return pathToFileURL(target).href;
}

export interface OpenedReport {
  readonly page: Page;
  /** Console errors, uncaught exceptions and requests for anything but the file itself. */
  readonly complaints: string[];
}

export async function open(
  browser: Browser,
  address: string,
  { width = 1440, dark = false }: { readonly width?: number; readonly dark?: boolean } = {},
): Promise<OpenedReport> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: dark ? "dark" : "light" });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith("data:,"))
      complaints.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  await page.waitForSelector("h1");
  return { page, complaints };
}

/** Goes to a place in the report and waits until it is drawn. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);
  await page.waitForFunction(
    () => document.querySelector("main h1") !== null && document.querySelector(".loading") === null,
  );
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
      .map(({ id, nodes }) => `${id}: ${nodes.length} × ${nodes[0]?.html.slice(0, 160)}`);
  });
}
