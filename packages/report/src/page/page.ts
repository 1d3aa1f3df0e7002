import { createHash } from "node:crypto";
import { elementIds } from "../payload/format.js";
import type { AppBundle } from "./app-bundle.js";

export interface PageParts {
  readonly title: string;
  readonly app: AppBundle;
  /** Packed blocks: gzip in base64. */
  readonly summary: string;
  readonly prefixes: string;
  readonly blocks: readonly string[];
}

/**
 * The pieces of the HTML file, in order. Data elements hold base64 only, so no text of a model can end one; the policy lets
 * exactly our script and style run and nothing be fetched, whatever a model wrote.
 */
export function pageParts({ title, app, summary, prefixes, blocks }: PageParts): string[] {
  const policy = [
    "default-src 'none'",
    `script-src '${sourceHash(app.script)}'`,
    `style-src '${sourceHash(app.style)}'`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return [
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>`,
    app.style,
    `</style>
</head>
<body>
<div id="app"></div>
<noscript>This report draws itself with JavaScript that is part of this file. Nothing is loaded from anywhere.</noscript>
`,
    dataElement(elementIds.summary, summary),
    dataElement(elementIds.prefixes, prefixes),
    ...blocks.map((block, index) => dataElement(elementIds.block(index), block)),
    "<script>",
    app.script,
    "</script>\n</body>\n</html>\n",
  ];
}

function dataElement(id: string, packed: string): string {
  return `<script id="${id}" type="application/octet-stream;base64">${packed}</script>\n`;
}

function sourceHash(source: string): string {
  return `sha256-${createHash("sha256").update(source).digest("base64")}`;
}

function escapeHtml(text: string): string {
  return text
    .replace(/[\0\uD800-\uDFFF]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
