import type { Example, JsonObject } from "@unshift/contracts";

/** Where examples come from: a file or built-in set by its name, the experiment's own dataset, or another dataset. */
export type ExampleSource = string | NamedDataset;

/** A dataset by its id, with its options beside. */
export interface NamedDataset extends JsonObject {
  readonly use: string;
}

/** Examples in the order they were given. */
export interface ExampleSet {
  readonly examples: readonly Example[];
  /** sha256 of the file; of examples of a dataset, of these as JSON lines. */
  readonly sha256: string;
  /** What pins the dataset they are of. */
  readonly source?: JsonObject;
  /** Rows that are no examples, by reason. */
  readonly leftOut: { readonly empty: number; readonly duplicate: number; readonly withInput: number };
}
