import { cleanings, contribution, definePlugin, type JsonSchema, poolings, type Strategy } from "@unshift/contracts";
import { Corpus } from "./corpus/corpus.js";
import { indexKinds, type RetrievalOptions, refuseIdleOptions } from "./options.js";
import { RetrievalStrategy } from "./retrieval-strategy.js";

const options: JsonSchema<RetrievalOptions> = {
  type: "object",
  additionalProperties: false,
  required: ["corpus"],
  properties: {
    k: { type: "integer", minimum: 1, default: 3, description: "How many examples are shown, the nearest last." },
    corpus: {
      anyOf: [
        { type: "string", minLength: 1 },
        {
          type: "object",
          required: ["use"],
          properties: { use: { type: "string", minLength: 1, description: "Id of a dataset contribution." } },
          additionalProperties: true,
        },
      ],
      description:
        "What examples are taken from: a JSON or JSONL file of { instruction, output } relative to the experiment file; dataset: the train part of the experiment's dataset; or { use: DATASET, …its options }.",
      examples: ["./corpus.jsonl", "dataset", { use: "files", path: "./samples.jsonl", train: "./train.jsonl" }],
    },
    index: {
      type: "string",
      enum: indexKinds,
      default: "exact",
      description:
        "How the nearest are found. exact: embeddings, every row compared; hnsw: embeddings, a graph for a million rows; bm25: words, without a model.",
    },
    embedder: {
      type: "string",
      minLength: 1,
      default: "system",
      description:
        "What turns instructions into rows: system, the system's own model; or an embedding model: ./model.gguf, hf:OWNER/REPO/FILE.gguf, builtin:NAME.",
      examples: ["system", "./model.gguf", "hf:OWNER/REPO/FILE.gguf"],
    },
    pooling: {
      type: ["string", "null"],
      enum: [null, ...poolings],
      default: null,
      description: "How the rows of tokens become that of a text. null: as the model file says.",
    },
    maxWords: {
      type: "integer",
      minimum: 1,
      default: 300,
      description: "Words of an answer that are shown, as separated by white space; the rest is cut.",
    },
    exclude: {
      anyOf: [
        { type: "array", items: { type: "string", minLength: 1 } },
        { type: "string", minLength: 1 },
      ],
      default: [],
      description: "Hold-outs, which are never retrieved: their ids, or the path of a file of ids, one a line.",
    },
    separator: {
      type: "string",
      default: "---",
      description: "A line behind each example, as in the paper; empty: none.",
    },
    bm25: {
      type: "object",
      additionalProperties: false,
      properties: {
        k1: { type: "number", minimum: 0, default: 1.2, description: "How soon a repeated word stops counting." },
        b: { type: "number", minimum: 0, maximum: 1, default: 0.75, description: "How much long texts are held back." },
      },
      description: "Parameters of index: bm25. Default: k1 1.2, b 0.75.",
    },
    tokenBudget: {
      type: "integer",
      minimum: 1,
      description:
        "Most tokens of system text and examples together, without BOS; the farthest examples are left out until they fit. Default: none is left out, and a prompt that does not fit is refused.",
    },
    system: { type: "string", description: "Plain text before the first example. Default: none, as in the paper." },
    cleaning: {
      type: "string",
      enum: cleanings,
      default: "exact",
      description:
        'exact: the answer ends at its closing fence or the next heading. urial-compat: as the paper\'s released code, which loses code fences and cuts at "Query" anywhere.',
    },
  },
};

export default definePlugin({
  name: "@unshift/strategy-retrieval-icl",
  contract: "^1",
  strategies: {
    "retrieval-icl": contribution<Strategy, RetrievalOptions>({
      summary: "The K examples of a corpus that are most like each question, the nearest last (retrieval ICL).",
      options,
      example: {
        k: 3,
        corpus: "./corpus.jsonl",
        index: "exact",
        embedder: "system",
        pooling: null,
        maxWords: 300,
        exclude: [],
        separator: "---",
      },
      create: async (chosen, context) => {
        refuseIdleOptions(chosen);
        const corpus = await Corpus.read(chosen, context);
        const { empty, duplicate, withInput } = corpus.leftOut;
        if (empty + duplicate + withInput > 0) context.log("info", corpus.counts());
        return new RetrievalStrategy(chosen, corpus, context);
      },
    }),
  },
});
