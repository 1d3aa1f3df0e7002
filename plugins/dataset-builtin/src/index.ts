import {
  contribution,
  type Dataset,
  definePlugin,
  type Example,
  type JsonSchema,
  type Sample,
} from "@unshift/contracts";
import { type Kind, kinds, parseQuestion } from "./parse-question.js";
import { readData } from "./read-data.js";

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

/** The train part is the same whatever `kind`: what is asked there is asked by no sample of any kind. */
async function openQuestions(kind: Kind | "all"): Promise<Dataset> {
  const questions = await readData("questions.jsonl");
  const pairs = await readData("examples.jsonl");
  const samples = questions.lines
    .map(parseQuestion)
    .filter((question) => kind === "all" || question.kind === kind)
    .map(({ kind: _, ...sample }): Sample => sample);
  return {
    samples: () => samples,
    examples: () => pairs.lines.map((line) => JSON.parse(line) as Example),
    provenance: {
      sha256: questions.sha256,
      count: samples.length,
      train: { sha256: pairs.sha256, count: pairs.lines.length },
    },
  };
}

export default definePlugin({
  name: "@unshift/dataset-builtin",
  contract: "^1",
  datasets: {
    builtin: contribution<Dataset, BuiltinOptions>({
      summary:
        "Questions about facts with references, and harmful ones, which the embedded models can answer; with a train part.",
      options,
      example: { kind: "fact" },
      create: ({ kind }) => openQuestions(kind),
    }),
  },
});
