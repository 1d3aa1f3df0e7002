/**
 * Builds llama.cpp's own server from the pinned tree, for the tests of judge endpoints:
 * `node native/scripts/build-llama-server.mjs`. Result: build/bin/llama-server. See build-llama-tools.mjs.
 */
import process from "node:process";
import { pathToFileURL } from "node:url";
import { buildLlamaTools, llamaTool } from "./build-llama-tools.mjs";

/** Where the server lies once it is built. */
export const llamaServer = llamaTool("llama-server");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    buildLlamaTools(["llama-server"]);
    console.log(`built ${llamaServer}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 3;
  }
}
