import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { UnshiftError } from "@unshift/contracts";
import { type OwnPackages, ownPackages } from "./own-packages.js";
import { type PluginNames, pluginNames, type TemplateKind, templateNames } from "./plugin-names.js";

export interface CreatedPlugin extends PluginNames {
  readonly kind: TemplateKind;
  /** Absolute. */
  readonly folder: string;
  /** Relative paths with `/`, sorted. */
  readonly files: readonly string[];
  readonly packages: OwnPackages["from"];
}

const templates = fileURLToPath(new URL("../../../templates/", import.meta.url));

/**
 * Writes a plugin package: the template of its kind, which is built and tested with this package, under the plugin's own names.
 * Throws CREATE_TARGET where the name is none or the folder holds something; nothing is overwritten.
 */
export async function createPlugin(request: {
  readonly name: string;
  readonly kind: TemplateKind;
  /** Absolute. */
  readonly folder: string;
}): Promise<CreatedPlugin> {
  const { kind, folder } = request;
  const names = pluginNames(request.name, kind);
  await requireEmpty(folder);
  const packages = await ownPackages();
  const files = new Map<string, string | Buffer>(Object.entries(packages.tarballs));
  for (const source of [join(templates, "shared"), join(templates, kind)]) {
    for (const [name, text] of await filesOf(source)) {
      // npm leaves a file called .gitignore out of what it publishes.
      files.set(name.replace(/^_gitignore$/, ".gitignore"), named(text, kind, names));
    }
  }
  change(files, "package.json", (text) => manifest(text, packages));
  change(files, "README.md", (text) => readme(text, packages));
  for (const [name, content] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { flag: "wx" });
  }
  return { ...names, kind, folder, files: [...files.keys()].sort(), packages: packages.from };
}

async function requireEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    const what = error.code === "ENOTDIR" ? "is a file" : `cannot be read (${error.code})`;
    throw new UnshiftError("CREATE_TARGET", `${folder} ${what}.`, { hint: "Choose another folder with --output." });
  });
  if (entries.length === 0) return;
  const shown = entries.slice(0, 3).join(", ");
  throw new UnshiftError(
    "CREATE_TARGET",
    `${folder} is not empty: it holds ${shown}${entries.length > 3 ? ` and ${entries.length - 3} more` : ""}.`,
    { hint: "Nothing was written. Choose another folder with --output, or another name." },
  );
}

async function filesOf(folder: string): Promise<(readonly [string, string])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return [
          path
            .slice(folder.length + 1)
            .split(sep)
            .join("/"),
          await readFile(path, "utf8"),
        ] as const;
      }),
  );
}

/** Every name of the template at once, so that a new name which holds an old one is not replaced again. */
function named(text: string, kind: TemplateKind, names: PluginNames): string {
  const changes: Readonly<Record<string, string>> = {
    // As `npm pack` calls it.
    [`${templateNames.package}-0.1.0.tgz`]: `${names.package.replace("@", "").replace("/", "-")}-0.1.0.tgz`,
    [templateNames.package]: names.package,
    [templateNames.ids[kind]]: names.id,
  };
  const pattern = Object.keys(changes).map((name) => name.replaceAll(".", "\\."));
  return text.replaceAll(new RegExp(pattern.join("|"), "g"), (name) => changes[name] ?? name);
}

function change(files: Map<string, string | Buffer>, name: string, edit: (text: string) => string): void {
  files.set(name, edit(String(files.get(name))));
}

function manifest(text: string, { specs, version }: OwnPackages): string {
  const written = JSON.parse(text) as Record<string, Record<string, string>>;
  const change = {
    ...written,
    peerDependencies: { "@unshift/contracts": `^${version}` },
    devDependencies: { ...written.devDependencies, ...specs },
  };
  return `${JSON.stringify(change, null, 2)}\n`;
}

function readme(text: string, { from, version }: OwnPackages): string {
  const command =
    from === "npm"
      ? "`unshift` below is `npx unshift` where Unshift is installed."
      : "`unshift` below is the command of your checkout of Unshift: `node CHECKOUT/packages/cli/bin/unshift.mjs`.";
  const dependencies =
    from === "npm"
      ? `Whoever runs the plugin brings \`@unshift/contracts\`; \`@unshift/testkit\` ${version} is for its tests only.`
      : `\`vendor/\` holds \`@unshift/contracts\` and \`@unshift/testkit\` ${version}, packed from the checkout that made this folder, since they were on no
registry. Where they are, take them from there and remove the folder:
\`npm install --save-dev @unshift/contracts@${version} @unshift/testkit@${version}\`. Neither is part of what \`npm pack\` writes:
whoever runs the plugin brings the contracts.`;
  return text.replace("<!-- the command -->", command).replace("<!-- the dependencies -->", dependencies);
}
