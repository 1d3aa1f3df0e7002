import {
  type Cleaning,
  type ModelView,
  type Prompt,
  releasedCleaning,
  releasedStops,
  type Sample,
  type Strategy,
  UnshiftError,
} from "@unshift/contracts";
import type { UrialPrompt } from "./prompt-file.js";
import { type RendererName, renderers } from "./renderer.js";

export interface UrialSettings {
  readonly prompt: UrialPrompt;
  /** As the user wrote it: `builtin:k3`. */
  readonly name: string;
  readonly renderer: RendererName;
  readonly cleaning: Cleaning;
}

/**
 * URIAL (arXiv 2312.01552, §3): the same system text and K restyled examples before every question. Earlier turns of a chat
 * are appended as further examples.
 */
export function urialStrategy({ prompt, name, renderer, cleaning }: UrialSettings): Strategy {
  const { chat, opening, stop, trimEnd, stopAlways } = renderers[renderer];
  const released = cleaning === "urial-compat";
  const ending = released
    ? { stop: releasedStops, trimEnd: [] }
    : { stop, trimEnd, ...(stopAlways === null ? {} : { codeBlocks: true, stopAlways }) };
  /** Holds what any build would count again. */
  const counted = new WeakMap<ModelView, number>();
  const tokensFor = (model: ModelView): number => {
    const known = counted.get(model) ?? model.countTokens(prompt.text);
    counted.set(model, known);
    return known;
  };
  const provenance = {
    prompt: name,
    sha256: prompt.sha256,
    k: prompt.examples.length,
    renderer,
    ...(released ? { cleaning } : {}),
    exampleQueries: prompt.examples.map(({ query }) => query),
    ...(prompt.remarks.length > 0 ? { remarks: prompt.remarks } : {}),
  };
  return {
    /** @throws CONTEXT_TOO_SMALL where no question could have room behind the prompt */
    async prepare(model: ModelView): Promise<void> {
      const tokens = tokensFor(model);
      if (tokens < model.contextSize) return;
      throw new UnshiftError(
        "CONTEXT_TOO_SMALL",
        `the prompt "${name}" (K = ${prompt.examples.length}) has ${tokens} tokens, the context of model "${model.name}" ${model.contextSize}: no room for a question`,
        {
          hint: "Take a prompt with fewer examples, or raise `models.ID.contextSize` up to what the model was trained for.",
        },
      );
    },
    build(sample: Sample, model: ModelView): Prompt {
      const begins = sample.messages[0]?.role === "user" ? opening : "";
      return {
        text: prompt.text + chat(sample.messages),
        parseSpecial: false,
        bos: "auto",
        staticChars: prompt.text.length + begins.length,
        ...ending,
        provenance: { ...provenance, exampleTokens: tokensFor(model) },
      };
    },
    ...(released ? { extract: ({ text }) => releasedCleaning(text) } : {}),
  };
}
