import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import type { TokenView } from "@unshift/contracts/services";
import { writeFileDurably } from "./durable-file.js";
import { makeFolder } from "./make-folder.js";
import { isMissing, readFault } from "./storage-fault.js";

interface StoredVocabulary {
  readonly hash: string;
  /** Text by id. */
  readonly tokens: readonly string[];
  /** Ids of control tokens, ascending. */
  readonly special: readonly number[];
}

function pathOf(folder: string, hash: string): string {
  // An engine may hash as it likes; a file name may not look as it likes.
  const name = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(hash) ? hash : createHash("sha256").update(hash).digest("hex");
  return join(folder, `${name}.json`);
}

/** Writes a vocabulary unless it is there: the hash stands for the content. `tokens[i].id` is `i`. */
export async function writeVocabulary(folder: string, hash: string, tokens: readonly TokenView[]): Promise<void> {
  const path = pathOf(folder, hash);
  const misplaced = tokens.findIndex(({ id }, at) => id !== at);
  if (misplaced >= 0)
    throw new UnshiftError("INTERNAL", `Vocabulary ${hash} has id ${tokens[misplaced]?.id} at place ${misplaced}.`);
  if ((await readVocabulary(folder, hash)) !== null) return;
  const stored: StoredVocabulary = {
    hash,
    tokens: tokens.map(({ text }) => text),
    special: tokens.filter(({ special }) => special).map(({ id }) => id),
  };
  await makeFolder(folder);
  await writeFileDurably(path, `${JSON.stringify(stored)}\n`);
}

function isVocabulary(value: unknown): value is StoredVocabulary {
  if (typeof value !== "object" || value === null) return false;
  const { hash, tokens, special } = value as Partial<Record<keyof StoredVocabulary, unknown>>;
  return typeof hash === "string" && Array.isArray(tokens) && Array.isArray(special);
}

/** The vocabulary of that hash by id, or null where it was not stored. Throws RUN_CORRUPT. */
export async function readVocabulary(folder: string, hash: string): Promise<readonly TokenView[] | null> {
  const path = pathOf(folder, hash);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw readFault(error, path);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(path, error);
  }
  if (!isVocabulary(value) || value.hash !== hash) throw damaged(path, null);
  const special = new Set(value.special);
  return value.tokens.map((token, id) => ({ id, text: token, special: special.has(id) }));
}

function damaged(path: string, cause: unknown): UnshiftError {
  return new UnshiftError("RUN_CORRUPT", `${path} is no vocabulary, or that of another hash.`, {
    where: { file: path },
    hint: "Delete the file and give the same `run` command again; it is written anew.",
    cause,
  });
}
