import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnyContribution, Dataset, Sample } from "@unshift/contracts";
import { createForCheck } from "@unshift/testkit";
import plugin from "../src/index.js";

function offered(): AnyContribution<Dataset> {
  const contribution = plugin.datasets?.files;
  if (contribution === undefined) throw new Error("the plugin offers files");
  return contribution;
}
export const files = offered();

export const folder: string = await mkdtemp(join(tmpdir(), "dataset-files-"));

/** Writes a file into the test folder; its name is given back for `path`. */
export async function write(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return name;
}

export async function load(options: object): Promise<Sample[]> {
  const dataset = await createForCheck(files, { options, folder });
  const samples: Sample[] = [];
  for await (const sample of dataset.samples(new AbortController().signal)) samples.push(sample);
  return samples;
}

/** What an error says about its place, its code and its remedy. */
export async function fault(
  loading: Promise<unknown>,
): Promise<{ code: unknown; message: string; line: unknown; column: unknown; file: unknown; hint: unknown }> {
  try {
    await loading;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const where = "where" in error && typeof error.where === "object" && error.where !== null ? error.where : {};
    return {
      code: "code" in error ? error.code : undefined,
      message: error.message,
      file: "file" in where ? where.file : undefined,
      line: "line" in where ? where.line : undefined,
      column: "column" in where ? where.column : undefined,
      hint: "hint" in error ? error.hint : undefined,
    };
  }
  throw new Error("nothing was thrown");
}
