import { type Dataset, type Example, type JsonObject, type Sample, UnshiftError } from "@unshift/contracts";
import type { DataFiles } from "./data-file.js";
import { type Row, readRows } from "./read-rows.js";
import { rowError } from "./row-fields.js";
import { type TrainRows, trainExamples } from "./train-rows.js";

/** Files of rows and the samples each row is: none for rows that are not of the dataset. */
export interface SampleRows {
  readonly files: DataFiles;
  readonly samplesOf: (row: Row, nthOfAll: number) => readonly Sample[];
}

/** Samples of files, row by row, and the examples of its train part; one of the two at least. */
export class RowsDataset implements Dataset {
  readonly provenance: JsonObject;
  /** Present where a train part was named. */
  readonly examples?: (signal: AbortSignal) => AsyncGenerator<Example>;

  constructor(
    private readonly rows: SampleRows | null,
    train: TrainRows | null = null,
  ) {
    this.provenance = {
      ...rows?.files.provenance,
      ...(train === null ? {} : { train: train.files.provenance }),
    };
    if (train !== null) {
      this.examples = (signal) => trainExamples(train, rows === null ? [] : this.samples(signal), signal);
    }
  }

  async *samples(signal: AbortSignal): AsyncGenerator<Sample> {
    if (this.rows === null) {
      throw new UnshiftError("DATASET_EMPTY", "the dataset names a train part alone, and no samples", {
        hint: "Name the split of the samples: `split: test`.",
      });
    }
    const { files, samplesOf } = this.rows;
    const ids = new Set<string>();
    let nth = 0;
    for (const path of files.paths) {
      for await (const row of readRows(path, signal)) {
        nth += 1;
        for (const sample of samplesOf(row, nth)) {
          if (ids.has(sample.id))
            throw rowError(row, `the id "${sample.id}" stands there already`, "DATASET_DUPLICATE_ID");
          ids.add(sample.id);
          yield sample;
        }
      }
    }
    if (ids.size === 0) {
      throw new UnshiftError("DATASET_EMPTY", "no row is of this dataset", { where: { file: files.paths[0] ?? "" } });
    }
  }
}
