import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { instructionOf, type Sample, UnshiftError, type Where } from "@unshift/contracts";
import type { AnswersFile } from "../config/experiment.js";
import { listed } from "../config/wording.js";

/** One answer made elsewhere. */
interface WrittenAnswer {
  readonly text: string;
  /** Who wrote it, as the file says. */
  readonly generator: string | null;
}

/** Answers made elsewhere, by sample id. */
export interface WrittenAnswers {
  readonly bySample: ReadonlyMap<string, WrittenAnswer>;
  readonly sha256: string;
  /** Rows whose id is that of no sample of the run. */
  readonly unused: number;
}

const fields = ["id", "instruction", "text", "generator"];

/**
 * Reads the JSONL of {@link AnswersFile}: `{ "id", "text", "generator"? }` a line, as `unshift import` writes it; a row without an
 * id is matched by its `instruction`, word for word.
 *
 * @param where the place in the experiment that names the file
 * @throws ANSWERS_FILE with file and line
 */
export async function readAnswersFile(
  file: AnswersFile,
  samples: readonly Sample[],
  where: Where,
): Promise<WrittenAnswers> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file.path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UnshiftError("ANSWERS_FILE", `${file.path} cannot be read: ${code}`, { where, cause: error });
  }
  const ids = new Set(samples.map(({ id }) => id));
  const byInstruction = idsByInstruction(samples);
  const bySample = new Map<string, WrittenAnswer>();
  let unused = 0;
  const lines = bytes
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") {
      continue;
    }
    const at = { file: file.path, line: index + 1 };
    const row = readRow(line, at);
    const id = row.id ?? matched(byInstruction.get(row.instruction ?? "") ?? [], at);
    if (id === null || !ids.has(id)) {
      unused += 1;
      continue;
    }
    if (bySample.has(id)) {
      throw new UnshiftError("ANSWERS_FILE", `a second answer to sample ${JSON.stringify(id)}`, { where: at });
    }
    bySample.set(id, { text: row.text, generator: row.generator });
  }
  if (bySample.size === 0) {
    throw new UnshiftError(
      "ANSWERS_FILE",
      `${file.source} holds no answer to any of the ${samples.length} samples; ${unused} of its rows belong to none`,
      {
        where,
        hint: `The samples are ${listed(samples.slice(0, 5).map(({ id }) => JSON.stringify(id)))}${samples.length > 5 ? ", …" : ""}. \`unshift import\` writes answers and samples that belong together.`,
      },
    );
  }
  return { bySample, sha256: createHash("sha256").update(bytes).digest("hex"), unused };
}

interface Row {
  readonly id: string | null;
  readonly instruction: string | null;
  readonly text: string;
  readonly generator: string | null;
}

function readRow(line: string, at: { file: string; line: number }): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new UnshiftError("ANSWERS_FILE", `not JSON: ${(error as Error).message}`, { where: at });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UnshiftError("ANSWERS_FILE", "a line must be a JSON object", { where: at });
  }
  const row = value as Readonly<Record<string, unknown>>;
  const text = row["text"];
  const id = row["id"];
  const instruction = row["instruction"];
  const generator = row["generator"];
  if (typeof text !== "string") {
    const found = `found ${text === undefined ? `the fields ${listed(Object.keys(row))}` : typeof text}`;
    throw new UnshiftError("ANSWERS_FILE", `"text" must be a string, ${found}`, {
      where: at,
      hint: `A row has ${listed(fields)}. \`unshift import\` reads the formats of other tools.`,
    });
  }
  if (typeof id !== "string" && typeof id !== "number" && typeof instruction !== "string") {
    throw new UnshiftError("ANSWERS_FILE", 'a row needs an "id", or the "instruction" it answers', { where: at });
  }
  return {
    id: typeof id === "string" || typeof id === "number" ? String(id) : null,
    instruction: typeof instruction === "string" ? instruction : null,
    text,
    generator: typeof generator === "string" ? generator : null,
  };
}

function idsByInstruction(samples: readonly Sample[]): Map<string, string[]> {
  const byInstruction = new Map<string, string[]>();
  for (const sample of samples.filter(({ follows }) => follows === undefined)) {
    const instruction = instructionOf(sample);
    byInstruction.set(instruction, [...(byInstruction.get(instruction) ?? []), sample.id]);
  }
  return byInstruction;
}

function matched(ids: readonly string[], at: { file: string; line: number }): string | null {
  if (ids.length > 1) {
    throw new UnshiftError("ANSWERS_FILE", `${ids.length} samples ask this: ${listed(ids)}. The row needs an "id".`, {
      where: at,
    });
  }
  return ids[0] ?? null;
}
