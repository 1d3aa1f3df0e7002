import { type Dataset, type JsonObject, type Sample, UnshiftError } from "@unshift/contracts";
import type { DataFiles } from "./data-file.js";
import { type Row, readRows } from "./read-rows.js";
import { rowError } from "./row-fields.js";

/** Samples of files, row by row. `sampleOf` gives null for rows that are not of the dataset. */
export class RowsDataset implements Dataset {
  readonly provenance: JsonObject;

  constructor(
    private readonly files: DataFiles,
    private readonly sampleOf: (row: Row, nthOfAll: number) => Sample | null,
  ) {
    this.provenance = files.provenance;
  }

  async *samples(signal: AbortSignal): AsyncGenerator<Sample> {
    const ids = new Set<string>();
    let nth = 0;
    for (const path of this.files.paths) {
      for await (const row of readRows(path, signal)) {
        nth += 1;
        const sample = this.sampleOf(row, nth);
        if (sample === null) continue;
        if (ids.has(sample.id))
          throw rowError(row, `the id "${sample.id}" stands there already`, "DATASET_DUPLICATE_ID");
        ids.add(sample.id);
        yield sample;
      }
    }
    if (ids.size === 0) {
      throw new UnshiftError("DATASET_EMPTY", "no row is of this dataset", {
        where: { file: this.files.paths[0] ?? "" },
      });
    }
  }
}
