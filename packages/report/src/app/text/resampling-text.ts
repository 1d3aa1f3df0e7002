import type { SampleHead } from "../../payload/format.js";

/** What the bootstrap resamples as a whole: samples, or chats where samples follow each other. */
export function resampledBy(samples: readonly SampleHead[]): string {
  return samples.some(({ follows }) => follows !== null) ? "by chat" : "by sample";
}
