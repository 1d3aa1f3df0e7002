import {
  type Cleaning,
  fencedChat,
  fencedStopAlways,
  fencedStops,
  fencedTrimEnd,
  type Message,
  type Prompt,
  releasedCleaning,
  releasedStops,
  type Sample,
  type Strategy,
  UnshiftError,
} from "@unshift/contracts";
import { type Frame, frameOf } from "./frame.js";

export interface ZeroShotOptions {
  /** `fenced`, `raw`, or a text with `{instruction}`. */
  readonly template?: string;
  /** System message of samples that bring none. */
  readonly system?: string;
  /** In place of the template's own stop texts. */
  readonly stop?: readonly string[];
  /** `urial-compat` with the fenced template only. */
  readonly cleaning?: Cleaning;
}

/**
 * The paper's zero-shot template (arXiv 2312.01552, §1.3 and §2): the question between fences and an open fence for the
 * answer; no system prompt, no examples. The context of the base model in token distribution shift. Other templates stand in
 * for it, down to none.
 *
 * @throws PLUGIN_OPTIONS where the template holds no `{instruction}`, or `cleaning` asks for the released one without its fences
 */
export function zeroShotStrategy(options: ZeroShotOptions): Strategy {
  const { template = "fenced", system = "", cleaning = "exact" } = options;
  const released = cleaning === "urial-compat";
  if (released && template !== "fenced") {
    throw new UnshiftError("PLUGIN_OPTIONS", "cleaning: urial-compat is that of the fenced template", {
      hint: "Leave out `template`, or `cleaning`.",
    });
  }
  const frame = template === "fenced" ? fenced : frameOf(template);
  const stop = options.stop ?? (released ? releasedStops : frame.stop);
  // Stop texts of one's own end an answer wherever they appear.
  const codeBlocks =
    frame.stopAlways === null || released || options.stop !== undefined
      ? {}
      : { codeBlocks: true, stopAlways: frame.stopAlways };
  const format = template === "fenced" || template === "raw" ? template : "own";
  return {
    build({ messages: written }: Sample, model): Prompt {
      const own = written[0]?.role === "system";
      const messages: readonly Message[] =
        own || system === "" ? written : [{ role: "system", content: system }, ...written];
      const text = frame.render(messages);
      if (text === "" && model.bosText === null) {
        throw new UnshiftError("STRATEGY_FAILED", "the prompt is empty, and the model has no BOS to begin with", {
          hint: "An empty instruction needs a template: leave out `template: raw`.",
        });
      }
      return {
        text,
        parseSpecial: false,
        bos: "auto",
        staticChars: own || written[0]?.role !== "user" ? 0 : frame.opening(system).length,
        stop,
        trimEnd: released ? [] : frame.trimEnd,
        ...codeBlocks,
        provenance: {
          format,
          ...(format === "own" ? { template } : {}),
          ...(messages[0]?.role === "system" ? { system: messages[0].content } : {}),
          turns: messages.filter(({ role }) => role === "user").length,
          ...(released ? { cleaning } : {}),
        },
      };
    },
    ...(released ? { extract: ({ text }) => releasedCleaning(text) } : {}),
  };
}

/** The format begins with a newline, which separates it from a prompt before it. Here nothing stands before it. */
const fenced: Frame = {
  render: (messages) => fencedChat(messages).slice(1),
  opening: (system) => `${system === "" ? "" : `${system}\n\n`}# Query:\n\`\`\`\n`,
  stop: fencedStops,
  trimEnd: fencedTrimEnd,
  stopAlways: fencedStopAlways,
};
