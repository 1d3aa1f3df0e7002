import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Prompt } from "@unshift/contracts";
import type { ModelRequest } from "@unshift/contracts/services";
import { builtinModels } from "@unshift/tiny-models";
import type { ExecutionContext } from "ava";
import { createLlamaEngine } from "../src/index.js";

export const signal: AbortSignal = new AbortController().signal;

export function request(name: string, path: string, change: Partial<ModelRequest> = {}): ModelRequest {
  return {
    name,
    path,
    contextSize: null,
    gpuLayers: null,
    chunkSize: null,
    numerics: "strict",
    sequences: 4,
    threads: null,
    ...change,
  };
}

export const plain = (text: string, change: Partial<Prompt> = {}): Prompt => ({
  text,
  parseSpecial: false,
  bos: "auto",
  staticChars: 0,
  stop: [],
  provenance: {},
  ...change,
});

/** An engine with the tiny pair, closed with the test. */
export async function open(t: ExecutionContext, change: Partial<ModelRequest> = {}) {
  const engine = await createLlamaEngine();
  t.teardown(() => engine.dispose());
  const base = await engine.open(request("base", builtinModels["tiny-base"], change), { signal });
  const aligned = await engine.open(request("aligned", builtinModels["tiny-aligned"], change), { signal });
  return { engine, base, aligned };
}

/** A folder that goes with the test. */
export async function temporaryFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unshift-engine-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writers of GGUF files for tests, from the addon's own tests; plain JavaScript without declarations. */
export interface ModelWriters {
  writeParrot(path: string, pieces: readonly (string | number)[], options?: { readonly ends?: boolean }): string;
  writeTinyModel(path: string, options: Readonly<Record<string, unknown>>): unknown;
}

export async function modelWriters(): Promise<ModelWriters> {
  const support = new URL("../../../../native/test/support/", import.meta.url);
  const [parrot, tiny] = await Promise.all([
    import(new URL("parrot.mjs", support).href) as Promise<Pick<ModelWriters, "writeParrot">>,
    import(new URL("tiny-gguf.mjs", support).href) as Promise<Pick<ModelWriters, "writeTinyModel">>,
  ]);
  return { writeParrot: parrot.writeParrot, writeTinyModel: tiny.writeTinyModel };
}
