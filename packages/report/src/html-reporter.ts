import type { Reporter } from "@unshift/contracts/services";
import { loadAppBundle } from "./page/app-bundle.js";
import { pack } from "./page/pack.js";
import { pageParts } from "./page/page.js";
import { buildPayload } from "./payload/payload.js";

/**
 * Draws a run as `report.html`: one file that asks nothing of any network, for dark and light screens, usable by keyboard.
 * The same input gives the same bytes.
 */
export function createHtmlReporter(): Reporter {
  return {
    async render(input) {
      const app = await loadAppBundle();
      const blocks: string[] = [];
      const { summary, prefixes } = await buildPayload(input, (block) => blocks.push(pack(block)));
      const parts = pageParts({
        title: `${input.manifest.name} · Unshift`,
        app,
        summary: pack(summary),
        prefixes: pack(prefixes),
        blocks,
      });
      // Bytes, not a string: a large run passes the longest string the engine can hold.
      return [{ name: "report.html", content: Buffer.concat(parts.map((part) => Buffer.from(part, "utf8"))) }];
    },
  };
}
