import { readdir, readFile, stat } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { UnshiftError, type Where } from "@unshift/contracts";
import { createJiti } from "jiti";
import { resolvePath } from "../config/resolve-path.js";
import { didYouMean, listed } from "../config/wording.js";

export interface LocatedPlugin {
  /** Absolute path of the module. */
  readonly file: string;
  /** npm package it came from; null for a file. */
  readonly package: { readonly name: string; readonly version: string } | null;
}

/**
 * The module a listed plugin names. `./`, `../`, `/` and `~/` name a file relative to `folder`; everything else is an npm package as
 * Node finds it from there (`exports` with the `import` condition), but no packed one. Throws PLUGIN_NOT_FOUND with what was tried.
 */
export async function locatePlugin(name: string, folder: string, where: Where): Promise<LocatedPlugin> {
  if (/\.(tgz|tar\.gz)$/.test(name)) throw packed(name, folder, where);
  return /^(\.{1,2}|~)?\//.test(name) ? locateFile(name, folder, where) : locatePackage(name, folder, where);
}

/** npm unpacks a package and brings what it needs; nothing can be imported from inside an archive. */
function packed(name: string, folder: string, where: Where): UnshiftError {
  return new UnshiftError(
    "PLUGIN_NOT_FOUND",
    `plugin "${name}" is a packed package, which is installed before it is listed.`,
    {
      where,
      hint: `\`npm install ${name}\` in ${folder}, then list the package by its name.`,
    },
  );
}

async function locateFile(name: string, folder: string, where: Where): Promise<LocatedPlugin> {
  const file = resolvePath(folder, name);
  // Not there and not to be seen come to the same: the error below says what was tried.
  const found = await stat(file).catch(() => null);
  if (found?.isFile()) return { file, package: null };
  const inside = found?.isDirectory() ? file : dirname(file);
  const modules = (await entriesOf(inside)).filter((entry) => /\.[cm]?[jt]s$/.test(entry)).sort();
  const what = found?.isDirectory() ? `${file} is a folder; name the file in it` : `there is no file ${file}`;
  throw new UnshiftError(
    "PLUGIN_NOT_FOUND",
    `plugin "${name}": ${what}. Modules in ${inside}: ${listed(modules)}.${didYouMean(basename(file), modules)}`,
    {
      where,
      hint: "The path of a plugin is relative to the experiment file that lists it and has its extension (.ts, .js, .mjs).",
    },
  );
}

async function locatePackage(name: string, folder: string, where: Where): Promise<LocatedPlugin> {
  const tried = nodeModulesAbove(folder);
  const notFound = async (reason: string, cause?: unknown) => {
    const names = (await Promise.all(tried.map(packagesIn))).flat();
    const local = (await entriesOf(folder)).includes(name)
      ? ` A file in the experiment's folder is written "./${name}".`
      : "";
    return new UnshiftError("PLUGIN_NOT_FOUND", `plugin "${name}": ${reason}${local}${didYouMean(name, names)}`, {
      where,
      hint: `Install it where the experiment is: \`npm i ${name}\` or \`pnpm add ${name}\` in ${folder}.`,
      cause,
    });
  };
  if (isBuiltin(name)) throw await notFound("that is a module of Node, not a package.");
  let url: string;
  try {
    url = createJiti(join(folder, "experiment.js"), { fsCache: false }).esmResolve(name);
  } catch (cause) {
    const home = await firstThatIsThere(tried.map((each) => join(each, name, "package.json")));
    if (home === null) throw await notFound(`no such package. Tried: ${tried.join(", ")}.`, cause);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw await notFound(`the package is at ${dirname(home)}, but its entry cannot be resolved: ${reason}.`, cause);
  }
  const file = fileURLToPath(url);
  return { file, package: await packageOf(file) };
}

/** `node_modules` folders Node looks into, nearest first. */
export function nodeModulesAbove(folder: string): string[] {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (basename(at) !== "node_modules") folders.push(join(at, "node_modules"));
    if (at === parse(at).root) return folders;
  }
}

async function packagesIn(folder: string): Promise<string[]> {
  const entries = await entriesOf(folder);
  const scoped = entries
    .filter((entry) => entry.startsWith("@"))
    .map(async (scope) => (await entriesOf(join(folder, scope))).map((name) => `${scope}/${name}`));
  return [...entries.filter((entry) => !/^[.@]/.test(entry)), ...(await Promise.all(scoped)).flat()];
}

async function firstThatIsThere(files: readonly string[]): Promise<string | null> {
  for (const file of files) {
    if (await stat(file).catch(() => null)) return file;
  }
  return null;
}

/** Name and version in the nearest package.json that states both. */
async function packageOf(file: string): Promise<{ name: string; version: string } | null> {
  for (let at = dirname(file); at !== parse(at).root; at = dirname(at)) {
    const text = await readFile(join(at, "package.json"), "utf8").catch(() => null);
    if (text === null) continue;
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== "object" || manifest === null || !("name" in manifest) || !("version" in manifest))
      continue;
    const { name, version } = manifest;
    if (typeof name === "string" && typeof version === "string") return { name, version };
  }
  return null;
}

/** Names in a folder; none where there is no such folder. */
async function entriesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
