import type { FinishReason } from "./answer.js";
import type { ModelView } from "./model-view.js";
import type { Preparation } from "./preparation.js";
import type { Prompt } from "./prompt.js";
import type { Sample } from "./sample.js";

/**
 * How a sample becomes a prompt for a model (paper §2–3: zero-shot template, chat template, in-context examples).
 * `build` is pure: the same sample and model give the same prompt, whatever was built before.
 */
export interface Strategy {
  /**
   * Work before the first prompt for a model: an index over a corpus. Called once a model, before any `build` for it; may take
   * long, and says so through `work.progress`. What fails here ends the run before an answer is generated.
   */
  prepare?(model: ModelView, work: Preparation): Promise<void>;
  build(sample: Sample, model: ModelView): Prompt | Promise<Prompt>;
  /**
   * The answer as people read it, where it is not what the engine cut by `stop` and `trimEnd`. Pure. Ids and raw text stay as
   * they are.
   */
  extract?(answer: { readonly text: string; readonly raw: string; readonly finishReason: FinishReason }): string;
}
