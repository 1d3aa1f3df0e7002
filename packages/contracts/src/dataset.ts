import type { Example } from "./example.js";
import type { JsonObject } from "./json.js";
import type { Sample } from "./sample.js";

/** Where samples come from. Loading twice gives the same samples in the same order. */
export interface Dataset {
  samples(signal: AbortSignal): AsyncIterable<Sample> | Iterable<Sample>;
  /** Questions with answers of its train part, for in-context examples; none of them is among the samples. */
  examples?(signal: AbortSignal): AsyncIterable<Example> | Iterable<Example>;
  /** What pins the content: file hashes, revision. Stored in the manifest. */
  readonly provenance?: JsonObject;
}
