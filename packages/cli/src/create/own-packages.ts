import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { packageTarball, type TarEntry } from "./tarball.js";

/** How a new plugin gets our packages. */
export interface OwnPackages {
  /** npm: by version. checkout: they are on no registry, so they are packed and travel with the plugin. */
  readonly from: "npm" | "checkout";
  readonly version: string;
  /** npm name → what its package.json says. */
  readonly specs: Readonly<Record<string, string>>;
  /** Files of the plugin, by relative path. */
  readonly tarballs: Readonly<Record<string, Buffer>>;
}

const names = ["@unshift/contracts", "@unshift/testkit"] as const;

/** The packages a plugin is written and tested with, as the running command has them. */
export async function ownPackages(): Promise<OwnPackages> {
  const contracts = await rootOf(names[0]);
  const { version } = await manifestOf(contracts);
  // A package that npm installed lies in a `node_modules`; Node resolves the links of a workspace to where its sources are.
  if (contracts.split(sep).includes("node_modules")) {
    return { from: "npm", version, specs: Object.fromEntries(names.map((name) => [name, version])), tarballs: {} };
  }
  const specs: Record<string, string> = {};
  const tarballs: Record<string, Buffer> = {};
  for (const name of names) {
    const file = `vendor/${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
    specs[name] = `file:${file}`;
    tarballs[file] = await packed(await rootOf(name));
  }
  return { from: "checkout", version, specs, tarballs };
}

/** What would be published: built files and the manifest, in which `workspace:` has become the version. */
async function packed(root: string): Promise<Buffer> {
  const manifest = await manifestOf(root);
  const { devDependencies: _, ...published } = manifest;
  const dependencies = Object.entries(manifest.dependencies ?? {}).map(([name, range]) => [
    name,
    range.startsWith("workspace:") ? manifest.version : range,
  ]);
  const text = JSON.stringify({ ...published, dependencies: Object.fromEntries(dependencies) }, null, 2);
  const entries: TarEntry[] = [{ name: "package.json", content: Buffer.from(`${text}\n`) }];
  const built = (await readdir(join(root, "dist/src"), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".map"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const path of built) {
    entries.push({ name: relative(root, path).split(sep).join("/"), content: await readFile(path) });
  }
  return packageTarball(entries);
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

async function manifestOf(root: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Manifest;
}

/** Our packages export `dist/src/index.js`; the root is three folders above. */
async function rootOf(name: string): Promise<string> {
  return dirname(dirname(dirname(fileURLToPath(import.meta.resolve(name)))));
}
