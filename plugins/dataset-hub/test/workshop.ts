import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { AnyContribution, Dataset, HubFiles, HubRepo, Sample } from "@unshift/contracts";
import { isUnshiftError, type UnshiftError } from "@unshift/contracts";
import { checkContext, validateOptions } from "@unshift/testkit";
import type { ExecutionContext } from "ava";
import plugin from "../src/index.js";

export const folder: string = await mkdtemp(join(tmpdir(), "dataset-hub-"));
export const commit = "d".repeat(40);

export function offered(id: string): AnyContribution<Dataset> {
  const contribution = plugin.datasets?.[id];
  if (contribution === undefined) throw new Error(`the plugin offers no ${id}`);
  return contribution;
}

export async function write(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return name;
}

/** A hub whose one repository holds `files`: path in the repository → name of a file written by {@link write}. */
export function folderHub(files: Readonly<Record<string, string>>): HubFiles & { readonly asked: HubRepo[] } {
  const asked: HubRepo[] = [];
  return {
    asked,
    list: async (repo) => {
      asked.push(repo);
      return { commit, files: Object.keys(files).sort() };
    },
    fetch: async (repo, file) => {
      asked.push(repo);
      return { path: join(folder, files[file] ?? basename(file)), commit };
    },
  };
}

export async function open(id: string, options: object, hub?: HubFiles): Promise<Dataset> {
  const contribution = offered(id);
  const checked = await validateOptions(contribution.options, options);
  return contribution.create(checked, { ...checkContext(folder), hub });
}

export async function load(id: string, options: object, hub?: HubFiles): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const sample of (await open(id, options, hub)).samples(new AbortController().signal)) samples.push(sample);
  return samples;
}

export async function fault(t: ExecutionContext, loading: Promise<unknown>): Promise<UnshiftError> {
  const error = await t.throwsAsync(loading);
  if (!isUnshiftError(error)) throw new Error("not a coded error", { cause: error });
  return error;
}
