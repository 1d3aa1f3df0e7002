import type { ModelView } from "./model-view.js";
import type { Prompt } from "./prompt.js";
import type { Sample } from "./sample.js";

/**
 * How a sample becomes a prompt for a model (paper §2–3: zero-shot template, chat template, in-context examples).
 * `build` is pure: the same sample and model give the same prompt, whatever was built before.
 */
export interface Strategy {
  build(sample: Sample, model: ModelView): Prompt | Promise<Prompt>;
}
