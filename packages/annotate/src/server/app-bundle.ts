import { readFile } from "node:fs/promises";
import { UnshiftError } from "@unshift/contracts";

/** Script and style of the page, as `scripts/bundle.mjs` wrote them. */
export interface AppBundle {
  readonly script: string;
  readonly style: string;
}

/** Throws INTERNAL where the package was compiled but its page was not bundled. */
export async function loadAppBundle(): Promise<AppBundle> {
  const read = (name: string) => readFile(new URL(`../../app/${name}`, import.meta.url), "utf8");
  try {
    const [script, style] = await Promise.all([read("app.js"), read("app.css")]);
    return { script, style };
  } catch (cause) {
    throw new UnshiftError("INTERNAL", "The page for raters has not been bundled.", {
      hint: "Run `node scripts/bundle.mjs` in the folder of @unshift/annotate.",
      cause,
    });
  }
}
