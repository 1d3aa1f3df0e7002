import type { Measure } from "../measure.js";
import { klStream } from "./p2-kl-stream.js";
import { generation } from "./p4-generation.js";
import { passPerToken } from "./p5-pass-per-token.js";
import { logprobs } from "./p6-logprobs.js";

/** Every measure, in the order of its number. */
export const measures: readonly Measure[] = [klStream, generation, passPerToken, logprobs];
