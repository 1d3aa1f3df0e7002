import type { Measure } from "../measure.js";
import { passPerToken } from "./p5-pass-per-token.js";

/** Every measure, in the order of its number. */
export const measures: readonly Measure[] = [passPerToken];
