import { type JsonObject, type PluginContext, UnshiftError } from "@unshift/contracts";
import type { RetrievalOptions } from "../options.js";
import { type CorpusRow, fileRows } from "./file-rows.js";

/** Where a corpus comes from; it can be read more than once. */
export interface CorpusSource {
  /** As people know it: `"./corpus.jsonl"`. */
  readonly name: string;
  rows(signal: AbortSignal): AsyncIterable<CorpusRow>;
  /** What pins it beside its content: options and provenance of a dataset. Known after its rows were read. */
  provenance(): JsonObject;
}

/** @throws PLUGIN_OPTIONS where the host has no datasets */
export function corpusSource(corpus: RetrievalOptions["corpus"], context: PluginContext): CorpusSource {
  if (typeof corpus === "string" && corpus !== "dataset") {
    const file = context.resolvePath(corpus);
    return {
      name: JSON.stringify(corpus),
      rows: (signal) => fileRows(file, signal),
      provenance: () => ({ file: corpus }),
    };
  }
  const read = context.examples?.bind(context);
  if (read === undefined) {
    throw new UnshiftError("PLUGIN_OPTIONS", "`corpus` names a dataset, and there are none here", {
      hint: "Name a JSON or JSONL file of { instruction, output }.",
    });
  }
  const name =
    typeof corpus === "string" ? "the train part of the dataset" : `the train part of dataset "${corpus.use}"`;
  let pinned: JsonObject = {};
  return {
    name,
    provenance: () => pinned,
    async *rows() {
      const { examples, provenance } = await read(typeof corpus === "string" ? "dataset" : asked(corpus));
      pinned = { dataset: provenance };
      for await (const value of examples) yield { value };
    },
  };
}

function asked({ use, ...options }: JsonObject & { readonly use: string }): { use: string; options: JsonObject } {
  return { use, options };
}
