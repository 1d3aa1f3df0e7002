import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import type { ConfigNode } from "./config-node.js";
import { parseConfig } from "./parse-config.js";
import { didYouMean, listed } from "./wording.js";

export interface ConfigFile {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
  readonly root: ConfigNode;
}

/** Reads one YAML file. Throws CONFIG_NOT_FOUND, CONFIG_SYNTAX, CONFIG_INVALID. `file` is absolute. */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const bytes = await readBytes(file);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UnshiftError("CONFIG_SYNTAX", `${basename(file)} is not UTF-8 text.`, {
      where: { file, ...firstBadByte(bytes) },
      hint: "Save the file as UTF-8.",
      cause,
    });
  }
  return { file, text, root: parseConfig(text, { file, folder: dirname(file) }) };
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const folder = code === "EISDIR" ? file : dirname(file);
    const files = await yamlFilesIn(folder);
    const there =
      files === null ? `The folder ${folder} does not exist.` : `Experiment files in ${folder}: ${listed(files)}.`;
    if (code === "EISDIR") {
      if ((await stat(join(file, "manifest.json")).catch(() => null))?.isFile() === true) {
        throw new UnshiftError(
          "CONFIG_NOT_FOUND",
          `${file} is a run folder; the experiment file it came from is wanted.`,
          {
            where: { file },
            hint: "`unshift analyse`, `report`, `export`, `compare` and `leaderboard` take run folders; `run`, `plan`, `render` and `judge` take the experiment file.",
            cause,
          },
        );
      }
      throw new UnshiftError("CONFIG_NOT_FOUND", `${file} is a folder, not an experiment file. ${there}`, {
        where: { file },
        cause,
      });
    }
    if (code === "ENOENT" || code === "ENOTDIR") {
      const near = files === null ? "" : didYouMean(basename(file), files);
      throw new UnshiftError("CONFIG_NOT_FOUND", `there is no file ${file}. ${there}${near}`, {
        where: { file },
        cause,
      });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnshiftError("CONFIG_NOT_FOUND", `${file} cannot be read: ${reason}.`, { where: { file }, cause });
  }
}

/** For a hint only: a folder that cannot be looked into has nothing to offer. */
async function yamlFilesIn(folder: string): Promise<string[] | null> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) return null;
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => [".yaml", ".yml", ".json"].includes(extname(name))).sort();
}

/** Line and column (in bytes) of the first byte that is not UTF-8. */
function firstBadByte(bytes: Uint8Array): { line: number; column: number } {
  // A streaming decoder fails at the chunk that holds the fault, so the chunk may be one byte.
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let column = 1;
  for (const byte of bytes) {
    try {
      decoder.decode(Uint8Array.of(byte), { stream: true });
    } catch {
      break;
    }
    if (byte === 0x0a) {
      line += 1;
      column = 1;
    } else column += 1;
  }
  return { line, column };
}
