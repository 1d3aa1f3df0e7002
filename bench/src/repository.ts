import { access, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UnshiftError } from "@unshift/contracts";

/** The repository this package is part of: peers are built from its llama.cpp, with its build scripts. */
export const repository: string = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

const llamaFolder = process.env["UNSHIFT_LLAMA_CPP_DIR"] || join(repository, "native", "vendor", "llama.cpp");

/** Qwen2's vocabulary as llama.cpp's own tests carry it: 151,936 tokens, no weights. Throws BENCH_UNAVAILABLE. */
export async function vocabularyFile(): Promise<string> {
  const file = join(llamaFolder, "models", "ggml-vocab-qwen2.gguf");
  try {
    await access(file);
    return file;
  } catch (cause) {
    throw new UnshiftError("BENCH_UNAVAILABLE", `the vocabulary of the bench model is not there: ${file}`, {
      hint: "It comes with llama.cpp's source: `npm run setup` in the repository unpacks it. Or name two models with --model and --twin.",
      cause,
    });
  }
}

/** The commit checked out, with `+` where files differ from it; null outside a git checkout. */
export async function ownCommit(): Promise<string | null> {
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  const git = async (...args: string[]) =>
    (await promisify(execFile)("git", ["-C", repository, ...args], { windowsHide: true })).stdout.trim();
  try {
    const head = await git("rev-parse", "--short=12", "HEAD");
    return (await git("status", "--porcelain", "--untracked-files=no")) === "" ? head : `${head}+`;
  } catch {
    // No git, or a copy without its history: the version has to do.
    return null;
  }
}

/** A version that stands in a package.json of the repository. */
export async function packageVersion(folder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(repository, folder, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}
