import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, extname } from "node:path";
import { type HubRepo, isUnshiftError, type JsonObject, type PluginContext, UnshiftError } from "@unshift/contracts";

/** Files whose rows are samples, and what pins them. */
export interface DataFiles {
  readonly paths: readonly string[];
  readonly provenance: JsonObject;
}

/** A file of one's own in place of the hub's. */
export async function localFile(path: string, context: PluginContext): Promise<DataFiles> {
  const file = context.resolvePath(path);
  const digest = createHash("sha256");
  try {
    for await (const chunk of createReadStream(file, { signal: context.signal }) as AsyncIterable<Buffer>)
      digest.update(chunk);
  } catch (cause) {
    if (context.signal.aborted) throw new UnshiftError("ABORTED", "interrupted while reading samples", { cause });
    throw new UnshiftError(
      "DATASET_NOT_FOUND",
      `the dataset file cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
      { where: { file }, hint: "Paths are relative to the experiment file that names them.", cause },
    );
  }
  return { paths: [file], provenance: { files: [{ name: basename(file), sha256: digest.digest("hex") }] } };
}

/** Lists the repository, lets `choose` pick files, and fetches them at the commit that was listed. */
export async function hubFiles(
  repo: HubRepo,
  choose: (files: readonly string[]) => readonly string[],
  context: PluginContext,
): Promise<DataFiles> {
  const { hub, signal } = context;
  if (hub === undefined) {
    throw new UnshiftError("HUB_OFFLINE", `dataset ${repo.name} is on the hub, which is not offered here`, {
      hint: "Name a local file by the option `path`, or use the dataset `files`.",
    });
  }
  const { commit, files } = await hub.list(repo, signal).catch(unplaced);
  const names = choose(files);
  const paths: string[] = [];
  for (const name of names) {
    paths.push((await hub.fetch({ ...repo, revision: commit }, name, signal).catch(unplaced)).path);
  }
  return { paths, provenance: { repo: repo.name, revision: repo.revision, commit, files: [...names] } };
}

/** A fault of the hub names a folder of its cache; the place people look for is the line that asks for the dataset, which the host adds. */
function unplaced(fault: unknown): never {
  if (!isUnshiftError(fault) || fault.where === undefined || !fault.code.startsWith("HUB_")) throw fault;
  throw new UnshiftError(fault.code, `${fault.message} (cache: ${fault.where.file})`, {
    hint: fault.hint,
    cause: fault,
  });
}

/** Formats this package reads. */
export function isData(file: string): boolean {
  return [".jsonl", ".parquet"].includes(extname(file).toLowerCase());
}
