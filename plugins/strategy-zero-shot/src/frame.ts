import { type Message, UnshiftError } from "@unshift/contracts";

/** How a chat becomes text. */
export interface Frame {
  /** The chat, open for the next answer. */
  render(messages: readonly Message[]): string;
  /** What every chat begins with that has this system message ("": none) and then a question. */
  opening(system: string): string;
  readonly stop: readonly string[];
  readonly trimEnd: readonly string[];
  /** Texts that end an answer even within a code block it opened; null where answers stand between no fences. */
  readonly stopAlways: readonly string[] | null;
}

const slot = "{instruction}";

/**
 * A text with `{instruction}` where the question goes; `raw` is the question alone. Other turns stand as they are, an empty line
 * behind each. Nothing is known of how an answer ends here, so there are no stop texts.
 *
 * @throws PLUGIN_OPTIONS where the text has no place for the question
 */
export function frameOf(template: string): Frame {
  const parts = template === "raw" ? ["", ""] : template.split(slot);
  if (parts.length < 2) {
    throw new UnshiftError("PLUGIN_OPTIONS", `template ${JSON.stringify(template)} holds no ${slot}`, {
      hint: `template is "fenced", "raw", or a text with ${slot}, such as "Question: ${slot}\\nAnswer:".`,
    });
  }
  return {
    // Joining, not replacing: `$&` in a question means nothing.
    render: (messages) =>
      messages.map(({ role, content }) => (role === "user" ? parts.join(content) : `${content}\n\n`)).join(""),
    opening: (system) => (system === "" ? "" : `${system}\n\n`) + (parts[0] ?? ""),
    stop: [],
    trimEnd: [],
    stopAlways: null,
  };
}
