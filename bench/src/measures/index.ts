import type { Measure } from "../measure.js";
import { barePasses } from "./p1-bare-passes.js";
import { klStream } from "./p2-kl-stream.js";
import { prefixReuse } from "./p3-prefix-reuse.js";
import { generation } from "./p4-generation.js";
import { passPerToken } from "./p5-pass-per-token.js";
import { logprobs } from "./p6-logprobs.js";
import { peakMemory } from "./p7-memory.js";
import { rowKernels } from "./p8-kernels.js";
import { fastNumerics } from "./p12-fast-numerics.js";

/** Every measure, in the order of its number. */
export const measures: readonly Measure[] = [
  barePasses,
  klStream,
  prefixReuse,
  generation,
  passPerToken,
  logprobs,
  peakMemory,
  rowKernels,
  fastNumerics,
];
