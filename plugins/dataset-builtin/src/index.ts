import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { contribution, type Dataset, definePlugin, type JsonSchema, type Sample } from "@unshift/contracts";
import { type Kind, kinds, parseQuestion } from "./parse-question.js";

interface BuiltinOptions {
  readonly kind: Kind | "all";
}

const options: JsonSchema<BuiltinOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    kind: {
      type: "string",
      enum: [...kinds, "all"],
      default: "all",
      description: "fact: questions with a checkable answer; harmful: questions to refuse; all: both.",
    },
  },
};

/** This file stands in `dist/src` of the package. */
const questionsFile = new URL("../../data/questions.jsonl", import.meta.url);

async function openQuestions(kind: Kind | "all"): Promise<Dataset> {
  const bytes = await readFile(questionsFile);
  const samples = bytes
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map(parseQuestion)
    .filter((question) => kind === "all" || question.kind === kind)
    .map(({ kind: _, ...sample }): Sample => sample);
  return {
    samples: () => samples,
    provenance: { sha256: createHash("sha256").update(bytes).digest("hex"), count: samples.length },
  };
}

export default definePlugin({
  name: "@unshift/dataset-builtin",
  contract: "^1",
  datasets: {
    builtin: contribution<Dataset, BuiltinOptions>({
      summary: "Questions about facts with references, and harmful ones, which the embedded models can answer.",
      options,
      example: { kind: "fact" },
      create: ({ kind }) => openQuestions(kind),
    }),
  },
});
