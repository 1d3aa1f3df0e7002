/**
 * Bundles the page (src/app, preact) into dist/app/app.js and app.css, which the server puts into the page.
 * Does nothing where the sources are those of the last run.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = path.join(root, "dist/app");
const stampFile = path.join(target, "sources.sha256");

const stamp = await sourceStamp();
if ((await readFile(stampFile, "utf8").catch(() => "")) !== stamp) {
  const { build } = await import("esbuild");
  const common = {
    bundle: true,
    minify: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    write: false,
  };
  const [script, style] = await Promise.all([
    build({
      ...common,
      entryPoints: [path.join(root, "src/app/main.tsx")],
      format: "iife",
      target: ["chrome109", "firefox115", "safari16.4"],
      jsx: "automatic",
      jsxImportSource: "preact",
      define: { "process.env.NODE_ENV": '"production"' },
    }),
    build({
      ...common,
      entryPoints: [path.join(root, "src/app/styles/page.css")],
      target: ["chrome109", "firefox115", "safari16.4"],
    }),
  ]);
  await mkdir(target, { recursive: true });
  await writeFile(path.join(target, "app.js"), inlineable(script.outputFiles[0].text.trim(), "script"));
  await writeFile(path.join(target, "app.css"), inlineable(style.outputFiles[0].text.trim(), "style"));
  await writeFile(stampFile, stamp);
}

/** What an HTML parser would change or end early would break the page and its hash. */
function inlineable(text, element) {
  const refused = new RegExp(`</${element}|<!--|[\\0\\r]`, "i").exec(text);
  if (refused !== null)
    throw new Error(
      `The bundled ${element} holds ${JSON.stringify(refused[0])}, which cannot stand inside of <${element}>.`,
    );
  return text;
}

async function sourceStamp() {
  const hash = createHash("sha256");
  const folders = ["src/app"];
  const files = ["package.json", "scripts/bundle.mjs", "src/protocol.ts"];
  for (const folder of folders) {
    for (const entry of await readdir(path.join(root, folder), { withFileTypes: true, recursive: true })) {
      if (entry.isFile()) files.push(path.relative(root, path.join(entry.parentPath, entry.name)));
    }
  }
  for (const file of files.sort()) hash.update(`${file}\0`).update(await readFile(path.join(root, file)));
  return hash.digest("hex");
}
