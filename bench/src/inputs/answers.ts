import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { QuestionAndAnswer } from "../bench.js";
import { repository } from "../repository.js";

/** How many answers every measure works on. */
const count = 16;

export interface Answers {
  readonly pairs: readonly QuestionAndAnswer[];
  /** Where they come from, for the results. */
  readonly source: string;
}

/**
 * The first answers of Llama-2-7b-chat that the paper's authors released, where they lie beside the repository
 * (`../shared/data/aligntds`); else 16 texts of our own.
 */
export async function benchAnswers(): Promise<Answers> {
  const released = join(repository, "..", "shared", "data", "aligntds", "Llama-2-7b-chat-hf.json");
  const text = await readFile(released, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  if (text === null) {
    const own = await readFile(join(repository, "bench", "data", "answers.json"), "utf8");
    return { pairs: JSON.parse(own) as QuestionAndAnswer[], source: "bench/data/answers.json" };
  }
  const records = JSON.parse(text) as { readonly pure_input: string; readonly output: readonly string[] }[];
  return {
    pairs: records.slice(0, count).map(({ pure_input, output }) => ({ question: pure_input, answer: output[0] ?? "" })),
    source: `AlignTDS, Llama-2-7b-chat-hf.json, the first ${count} answers`,
  };
}
