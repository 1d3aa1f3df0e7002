import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { contribution, type Dataset, definePlugin, type JsonSchema, UnshiftError } from "@unshift/contracts";
import { parseQuestions } from "./parse-questions.js";

/** What `create` receives: checked against the schema below. */
interface QuestionsOptions {
  readonly file: string;
}

const options: JsonSchema<QuestionsOptions> = {
  type: "object",
  additionalProperties: false,
  required: ["file"],
  properties: {
    file: { type: "string", description: "Questions, one a line: id, question and answers, separated by tabs." },
  },
};

export default definePlugin({
  name: "unshift-plugin-acme",
  contract: "^1",
  datasets: {
    "acme/questions": contribution<Dataset, QuestionsOptions>({
      summary: "Questions from a file of tab-separated lines.",
      options,
      example: { file: "./questions.tsv" },
      create: async ({ file }, context) => {
        // A path in an option is relative to the experiment that holds it.
        const path = context.resolvePath(file);
        const text = await readFile(path, "utf8").catch((cause: unknown) => {
          throw new UnshiftError("DATASET_NOT_FOUND", `cannot read ${path}`, { cause });
        });
        const samples = parseQuestions(text, path);
        return {
          samples: () => samples,
          // What pins the content: another file makes another run.
          provenance: { file, sha256: createHash("sha256").update(text).digest("hex") },
        };
      },
    }),
  },
});
