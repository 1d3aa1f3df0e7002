import { createRequire } from "node:module";
import { dirname, extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { UnshiftError, type Where } from "@unshift/contracts";
import { createJiti } from "jiti";
import { faultOf } from "./fault-of.js";
import type { LocatedPlugin } from "./locate-plugin.js";

/**
 * Imports a plugin's module. TypeScript goes through jiti, since Node 20 cannot read it; so does a file that has no
 * `@unshift/contracts` of its own to import, which gets ours. Throws PLUGIN_IMPORT_FAILED.
 */
export async function importPlugin(name: string, located: LocatedPlugin, where: Where): Promise<unknown> {
  try {
    const native =
      located.package !== null || (/^\.[cm]?js$/.test(extname(located.file)) && hasContracts(located.file));
    return await (native && !/^\.[cm]?ts$/.test(extname(located.file))
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

function hasContracts(file: string): boolean {
  return (
    (createRequire(file).resolve.paths("@unshift/contracts") ?? []).length > 0 &&
    createJiti(file, { fsCache: false }).esmResolve("@unshift/contracts", { try: true }) !== undefined
  );
}

function isMissingModule(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    "code" in cause &&
    (cause.code === "ERR_MODULE_NOT_FOUND" || cause.code === "MODULE_NOT_FOUND")
  );
}
