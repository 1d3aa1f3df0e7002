import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, relative } from "node:path";
import { UnshiftError, type Where } from "@unshift/contracts";
import { type LoadedExperiment, nearest } from "@unshift/core";

/**
 * Looks at the model files that an experiment uses before anything opens them, for what can be said better from outside.
 *
 * @param use `judging`: only those that judge
 */
export async function checkModelFiles(
  { experiment, where }: LoadedExperiment,
  use: "everything" | "judging" = "everything",
): Promise<void> {
  const judging = experiment.judgeEngines.flatMap(({ use, options }) => (use === "local" ? [options.model] : []));
  const answering = use === "judging" ? [] : experiment.systems.map(({ model }) => model);
  const used = new Set<unknown>([...answering, ...judging]);
  for (const { id, source, path } of experiment.models) {
    if (used.has(id) && !/^(hf|builtin):/i.test(source)) {
      await checkModelFile(source, path, where(["models", id, "path"]));
    }
  }
}

/**
 * @param source as it was written
 * @param path absolute
 * @throws MODEL_NOT_FOUND with what there is instead; MODEL_NOT_GGUF for an empty file and a Git LFS pointer
 */
export async function checkModelFile(source: string, path: string, where: Where): Promise<void> {
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    async (cause: unknown) => {
      const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
      // Why else a file cannot be looked at is the engine's to say.
      if (code !== "ENOENT" && code !== "ENOTDIR") return null;
      throw new UnshiftError("MODEL_NOT_FOUND", `the model file ${path} does not exist`, {
        where,
        hint: await instead(source, path),
        cause,
      });
    },
  );
  if (size === null || size > 1024) return;
  if (size === 0) {
    throw new UnshiftError("MODEL_NOT_GGUF", `${path} is empty (0 bytes)`, {
      where,
      hint: "A download was broken off, most likely: fetch the file again.",
    });
  }
  const text = await firstBytes(path, size);
  if (!text.startsWith("version https://git-lfs.github.com/spec/")) return;
  const bytes = /^size (\d+)$/m.exec(text)?.[1];
  throw new UnshiftError(
    "MODEL_NOT_GGUF",
    `${path} is a Git LFS pointer${bytes === undefined ? "" : ` to a file of ${bytes} bytes`}, not the model itself`,
    { where, hint: "`git lfs pull` in its repository fetches the file; or name it as hf:OWNER/REPO/FILE.gguf." },
  );
}

async function instead(source: string, path: string): Promise<string> {
  const repository = /^[\w.-]+\/[\w.-]+$/.test(source) && !/^\.{1,2}\//.test(source) && !/\.gguf$/i.test(source);
  const folder = dirname(path);
  // The model is missing already; a folder that cannot be read has no files to suggest, and the hint says so.
  const names = await readdir(folder).catch(() => null);
  if (repository) {
    return `If ${source} is a repository of the Hugging Face hub, write hf:${source}/FILE.gguf, with a GGUF file of it; \`unshift pull\` fetches it.`;
  }
  if (names === null) return `The folder ${folder} does not exist. Paths are relative to the file that names them.`;
  const models = names.filter((name) => /\.gguf$/i.test(name)).sort();
  if (models.length === 0) return `${folder} holds no .gguf file. Paths are relative to the file that names them.`;
  const near = nearest(basename(path), models);
  const shown = models.slice(0, 12).join(", ");
  const more = models.length > 12 ? ` and ${models.length - 12} more` : "";
  return `GGUF files in ${relative(process.cwd(), folder) || "this folder"}: ${shown}${more}.${near === null ? "" : ` Did you mean "${near}"?`}`;
}

async function firstBytes(path: string, size: number): Promise<string> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
