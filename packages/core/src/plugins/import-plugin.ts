import { existsSync, realpathSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { UnshiftError, type Where } from "@unshift/contracts";
import { createJiti } from "jiti";
import { faultOf } from "./fault-of.js";
import { type LocatedPlugin, nodeModulesAbove } from "./locate-plugin.js";

/**
 * Imports a plugin's module. TypeScript goes through jiti, since Node 20 cannot read it; so does what has no
 * `@unshift/contracts` of its own to import, file or package: it gets ours. Throws PLUGIN_IMPORT_FAILED.
 */
export async function importPlugin(name: string, located: LocatedPlugin, where: Where): Promise<unknown> {
  const isScript = /^\.[cm]?js$/.test(extname(located.file));
  try {
    if (located.package !== null && isScript) return await importPackage(located.file);
    return await (isScript && hasContracts(located.file)
      ? import(pathToFileURL(located.file).href)
      : importTranslated(located.file));
  } catch (cause) {
    throw new UnshiftError(
      "PLUGIN_IMPORT_FAILED",
      `plugin "${name}" threw while it was imported: ${faultOf(cause, dirname(located.file))}`,
      {
        where,
        hint: isMissingModule(cause)
          ? `Install what the plugin needs beside it, in ${dirname(located.file)}.`
          : `Importing a plugin must not do anything; look at ${located.file}.`,
        cause,
      },
    );
  }
}

/** Natively, which is what a package is built for. Where it lacks the contracts nothing of it has run by then. */
async function importPackage(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    const lacksContracts = isMissingModule(cause) && /'@unshift\/contracts(\/services)?'/.test(String(cause));
    if (!lacksContracts) throw cause;
    return importTranslated(file);
  }
}

function importTranslated(file: string): Promise<unknown> {
  const alias = hasContracts(file)
    ? {}
    : {
        "@unshift/contracts": fileURLToPath(import.meta.resolve("@unshift/contracts")),
        "@unshift/contracts/services": fileURLToPath(import.meta.resolve("@unshift/contracts/services")),
      };
  return createJiti(file, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    tryNative: false,
    alias,
  }).import(file);
}

/** As `import` looks for it: in the `node_modules` above the file, whatever NODE_PATH says. */
function hasContracts(file: string): boolean {
  return nodeModulesAbove(dirname(realpathSync(file))).some((folder) =>
    existsSync(join(folder, "@unshift/contracts/package.json")),
  );
}

function isMissingModule(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    "code" in cause &&
    (cause.code === "ERR_MODULE_NOT_FOUND" || cause.code === "MODULE_NOT_FOUND")
  );
}
