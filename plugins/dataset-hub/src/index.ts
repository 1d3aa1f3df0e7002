import { type Contribution, contribution, type Dataset, definePlugin, type PluginContext } from "@unshift/contracts";
import { namedFiles, preferredFile, splitFiles } from "./choose-files.js";
import { type DataFiles, hubFiles, localFile } from "./data-file.js";
import { fieldSample } from "./field-sample.js";
import { type HubDatasetOptions, hubOptions } from "./hub-options.js";
import { justEvalSample, type Suite } from "./just-eval-sample.js";
import { liteDataset } from "./lite.js";
import { mtBenchSamples } from "./mt-bench-sample.js";
import {
  type JustEvalOptions,
  justEvalOptions,
  type MtBenchOptions,
  mtBenchOptions,
  type NamedOptions,
} from "./named-options.js";
import type { Row } from "./read-rows.js";
import { RowsDataset } from "./rows-dataset.js";

const justEvalRepo = "re-align/just-eval-instruct";
const justEvalFiles = ["test_all_with_tags.jsonl", "test_all.jsonl"];
const mtBenchRepo = "HuggingFaceH4/mt_bench_prompts";
const mtBenchFiles = ["raw/question.jsonl"];

function filesOf(
  repo: string,
  usual: readonly string[],
  { path, file, revision }: NamedOptions,
  context: PluginContext,
): Promise<DataFiles> {
  if (path !== undefined) return localFile(path, context);
  const choose = (files: readonly string[]) =>
    file === undefined ? preferredFile(files, usual) : namedFiles(files, [file]);
  return hubFiles({ type: "dataset", name: repo, revision }, choose, context);
}

function justEval(summary: string, suite: Suite | null): Contribution<Dataset, JustEvalOptions> {
  return contribution<Dataset, JustEvalOptions>({
    summary,
    options: justEvalOptions,
    example: { revision: "main", lite: true },
    create: async (options, context) => {
      const found = await filesOf(justEvalRepo, justEvalFiles, options, context);
      const dataset = new RowsDataset({
        files: found,
        samplesOf: (row) => {
          const sample = justEvalSample(row);
          return suite === null || sample.tags.suite?.includes(suite) ? [sample] : [];
        },
      });
      return options.lite === true ? liteDataset(dataset, context.signal) : dataset;
    },
  });
}

/** Files of a repository by split or by name. */
async function hubDataset(options: HubDatasetOptions, context: PluginContext): Promise<Dataset> {
  const { repo: name, revision, train, fields = {} } = options;
  const find = ({ config, split, files }: Pick<HubDatasetOptions, "config" | "split" | "files">, usual: string) =>
    hubFiles(
      { type: "dataset", name, revision },
      (all) => (files === undefined ? splitFiles(all, split ?? usual, config) : namedFiles(all, files)),
      context,
    );
  const pairsAlone = train !== undefined && options.split === undefined && options.files === undefined;
  const rows = pairsAlone
    ? null
    : {
        files: await find(options, "test"),
        samplesOf: (row: Row, nth: number) => [fieldSample(row, nth, fields)],
      };
  if (train === undefined) return new RowsDataset(rows);
  const warn = (message: string) => context.log("warn", message);
  return new RowsDataset(rows, { files: await find(train, "train"), fields: train.fields ?? {}, warn });
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
    "mt-bench": contribution<Dataset, MtBenchOptions>({
      summary: "MT-bench's 80 questions of two turns, the second one behind the system's own first answer.",
      options: mtBenchOptions,
      example: { revision: "main", turns: 2 },
      create: async (options, context) =>
        new RowsDataset({
          files: await filesOf(mtBenchRepo, mtBenchFiles, options, context),
          samplesOf: (row) => mtBenchSamples(row, options.turns ?? 2),
        }),
    }),
    hf: contribution<Dataset, HubDatasetOptions>({
      summary: "Any dataset of the Hugging Face hub in JSONL or Parquet: repository, config, split, columns.",
      options: hubOptions,
      example: { repo: "tatsu-lab/alpaca", split: "train", revision: "main", fields: { instruction: "instruction" } },
      create: hubDataset,
    }),
  },
});
