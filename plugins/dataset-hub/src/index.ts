import { type Contribution, contribution, type Dataset, definePlugin, type JsonSchema } from "@unshift/contracts";
import { namedFiles, preferredFile, splitFiles } from "./choose-files.js";
import { type DataFiles, hubFiles, localFile } from "./data-file.js";
import { type FieldOptions, fieldSample } from "./field-sample.js";
import { justEvalSample, type Suite } from "./just-eval-sample.js";
import { mtBenchSample } from "./mt-bench-sample.js";
import { RowsDataset } from "./rows-dataset.js";

interface NamedOptions {
  readonly path?: string;
  readonly file?: string;
  readonly revision: string;
}

const text = (description: string) => ({ type: "string", minLength: 1, description }) as const;
const revision = { ...text("Branch, tag or commit on the hub; the commit is recorded."), default: "main" } as const;

const namedOptions: JsonSchema<NamedOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    path: text("A local copy (JSONL or Parquet) in place of the hub's, relative to the experiment file."),
    file: text("The repository's file, where it is not the usual one."),
    revision,
  },
};

interface HubDatasetOptions {
  readonly repo: string;
  readonly config?: string;
  readonly split: string;
  readonly files?: readonly string[];
  readonly revision: string;
  readonly fields?: FieldOptions;
}

const column = (what: string) => text(`Column of ${what}.`);
const hubOptions: JsonSchema<HubDatasetOptions> = {
  type: "object",
  additionalProperties: false,
  required: ["repo"],
  properties: {
    repo: { type: "string", pattern: "^[^/\\s]+/[^/\\s]+$", description: "OWNER/NAME of the dataset." },
    config: text("Configuration, a word in the files' paths. Default: any."),
    split: { ...text("Split, a word in the files' paths."), default: "test" },
    files: {
      type: "array",
      items: { type: "string", minLength: 1 },
      minItems: 1,
      description: "Files of the repository (JSONL or Parquet), in place of config and split.",
    },
    revision,
    fields: {
      type: "object",
      additionalProperties: false,
      description: "Names of the columns. Without `id`, a sample's id is the number of its row.",
      properties: {
        id: column("the sample's id"),
        instruction: { ...column("the instruction"), default: "instruction" },
        messages: column("the chat so far, in place of an instruction"),
        reference: column("the accepted references"),
        tags: {
          description: "Tag → column, or a list of columns that are tags by their own name.",
          anyOf: [
            { type: "object", additionalProperties: { type: "string", minLength: 1 } },
            { type: "array", items: { type: "string", minLength: 1 } },
          ],
        },
      },
    },
  },
};

const justEvalRepo = "re-align/just-eval-instruct";
const justEvalFiles = ["test_all_with_tags.jsonl", "test_all.jsonl"];
const mtBenchRepo = "HuggingFaceH4/mt_bench_prompts";
const mtBenchFiles = ["raw/question.jsonl"];

function filesOf(
  repo: string,
  usual: readonly string[],
  { path, file, revision }: NamedOptions,
  context: Parameters<typeof localFile>[1],
): Promise<DataFiles> {
  if (path !== undefined) return localFile(path, context);
  const choose = (files: readonly string[]) =>
    file === undefined ? preferredFile(files, usual) : namedFiles(files, [file]);
  return hubFiles({ type: "dataset", name: repo, revision }, choose, context);
}

function justEval(summary: string, suite: Suite | null): Contribution<Dataset, NamedOptions> {
  return contribution<Dataset, NamedOptions>({
    summary,
    options: namedOptions,
    example: { revision: "main" },
    create: async (options, context) =>
      new RowsDataset(await filesOf(justEvalRepo, justEvalFiles, options, context), (row) => {
        const sample = justEvalSample(row);
        return suite === null || sample.tags.suite?.includes(suite) ? sample : null;
      }),
  });
}

export default definePlugin({
  name: "@unshift/dataset-hub",
  contract: "^1",
  datasets: {
    "just-eval": justEval(
      "just-eval-instruct: 800 regular instructions of nine sources and 200 harmful ones, tagged.",
      null,
    ),
    "alpaca-eval": justEval("The 420 instructions of AlpacaEval in just-eval-instruct.", "alpaca-eval"),
    "lima-test": justEval("The 300 instructions of LIMA's test set in just-eval-instruct.", "lima-test"),
    "red-team": justEval("100 red-team attempts of hh-rlhf, to be refused.", "red-team"),
    "malicious-instruct": justEval("The 100 instructions of MaliciousInstruct, to be refused.", "malicious-instruct"),
    "mt-bench": contribution<Dataset, NamedOptions>({
      summary: "The first turns of MT-bench's 80 questions, with their category and reference.",
      options: namedOptions,
      example: { revision: "main" },
      create: async (options, context) =>
        new RowsDataset(await filesOf(mtBenchRepo, mtBenchFiles, options, context), mtBenchSample),
    }),
    hf: contribution<Dataset, HubDatasetOptions>({
      summary: "Any dataset of the Hugging Face hub in JSONL or Parquet: repository, config, split, columns.",
      options: hubOptions,
      example: { repo: "tatsu-lab/alpaca", split: "train", revision: "main", fields: { instruction: "instruction" } },
      create: async ({ repo, config, split, files, revision, fields }, context) => {
        const choose = (all: readonly string[]) =>
          files === undefined ? splitFiles(all, split, config) : namedFiles(all, files);
        const found = await hubFiles({ type: "dataset", name: repo, revision }, choose, context);
        return new RowsDataset(found, (row, nth) => fieldSample(row, nth, fields ?? {}));
      },
    }),
  },
});
