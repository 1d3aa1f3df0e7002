import { createHash } from "node:crypto";
import type { AppBundle } from "./app-bundle.js";

/** The page and the policy it is served under: this script and style run and nothing else; it talks to this server alone. */
export function pageOf(
  { script, style }: AppBundle,
  rater: string | null,
): { readonly html: string; readonly policy: string } {
  const name = rater === null ? "" : ` data-rater="${rater.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Rating · Unshift</title>
<style>${style}</style>
</head>
<body>
<div id="app"${name}></div>
<noscript>This page draws itself with JavaScript that is part of it. Nothing is loaded from anywhere else.</noscript>
<script>${script}</script>
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script)}'`,
    `style-src '${hash(style)}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return { html, policy };
}

function hash(source: string): string {
  return `sha256-${createHash("sha256").update(source).digest("base64")}`;
}
