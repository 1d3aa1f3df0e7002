import type { JsonObject } from "@unshift/contracts";
import type { PlannedLogits, StoredRun } from "@unshift/core";
import { bytesOf, type LogitsPlan, type LogitsRow, shardCount } from "@unshift/store";
import { version } from "../version.js";

/** How rows are to be written. */
export interface RowForm {
  readonly dtype: "f32" | "f16";
  readonly logProbabilities: boolean;
  readonly shardBytes: number;
}

/** The folder that planned rows of a run become. */
export function filePlan(run: StoredRun, planned: PlannedLogits, engine: string, form: RowForm): LogitsPlan {
  const identity = run.manifest.models[planned.model] ?? {};
  const settings = (run.manifest.experiment["models"] as Readonly<Record<string, JsonObject>>)[planned.model];
  const vocabularySize = Number(identity["vocabularySize"]);
  const shardRows = Math.max(1, Math.floor(form.shardBytes / (vocabularySize * bytesOf(form.dtype))));
  const { rows, samples, system, under } = planned;
  const plan = {
    dtype: form.dtype,
    vocabularySize,
    rows,
    shardRows,
    describe: (row: number): LogitsRow => {
      const sample = samples[sampleAt(samples, row)];
      if (sample === undefined) throw new RangeError(`there is no row ${row}`);
      const { part, position, id } = sample.token(row - sample.firstRow);
      const token = run.token(part === "prompt" ? under : system, id).text;
      return { sampleId: sample.sampleId, system, under, part, position, tokenId: id, token };
    },
  };
  const facts: JsonObject = {
    format: 1,
    unshiftVersion: version,
    run: run.manifest.name,
    system,
    under,
    positions: planned.positions,
    values: form.logProbabilities ? "log-probabilities" : "logits",
    dtype: form.dtype,
    rows,
    vocabularySize,
    shardRows,
    shards: shardCount({ ...plan, facts: {} }),
    samples: samples.length,
    itemsHash: planned.itemsHash,
    model: {
      name: planned.model,
      source: identity["source"] ?? "",
      fileHash: identity["fileHash"] ?? "",
      vocabularyHash: identity["vocabularyHash"] ?? "",
      architecture: identity["architecture"] ?? "",
      description: identity["description"] ?? "",
      parameters: identity["parameters"] ?? null,
      contextSize: identity["contextSize"] ?? null,
      chunkSize: settings?.["chunkSize"] ?? null,
      gpuLayers: settings?.["gpuLayers"] ?? null,
    },
    engine,
    numerics: run.manifest.numerics,
  };
  return { ...plan, facts };
}

/** Index of the sample that holds a row. */
function sampleAt(samples: PlannedLogits["samples"], row: number): number {
  let [low, high] = [0, samples.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((samples[middle]?.firstRow ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}
