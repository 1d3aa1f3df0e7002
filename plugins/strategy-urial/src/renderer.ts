import {
  fencedAnswer,
  fencedAnswerOpening,
  fencedChat,
  fencedStopAlways,
  fencedStops,
  fencedTrimEnd,
  type Message,
} from "@unshift/contracts";
import type { PromptFormat } from "./prompt-file.js";

export type RendererName = "legacy" | "unified" | "roles";

/** How a chat is written behind the prompt file's text, byte for byte as the released code does it. */
export interface Renderer {
  /** The chat, open for the next answer. */
  chat(messages: readonly Message[]): string;
  /** All that the rendering of any chat that begins with a question begins with. */
  readonly opening: string;
  readonly stop: readonly string[];
  readonly trimEnd: readonly string[];
  /** Texts that end an answer even within a code block it opened; null where answers stand between no fences. */
  readonly stopAlways: readonly string[] | null;
}

/** Both fenced forms begin a next query with the same characters. */
const fenced = { stop: fencedStops, trimEnd: fencedTrimEnd, stopAlways: fencedStopAlways } as const;

export const renderers: Readonly<Record<RendererName, Renderer>> = {
  unified: { chat: fencedChat, opening: "\n# Query:\n```\n", ...fenced },
  legacy: { chat: legacyChat, opening: "\n# Query:\n```", ...fenced },
  // Without fences there is nothing to cut but the blank lines before the heading that ended the answer.
  roles: {
    chat: rolesChat,
    opening: "\n\n# User:\n",
    stop: ["\n\n# User:", "\n# User:", "\n# Assistant:", "\n# Query:"],
    trimEnd: ["\n\n", "\n"],
    stopAlways: null,
  },
};

/** The renderer the paper used with files of a format; its only file without examples, inst_only, is an early one. */
export function rendererOf(format: PromptFormat): RendererName {
  return format === "none" ? "legacy" : format;
}

/** {@link fencedChat} with the fences of the earlier prompt files, which stand directly around a query. */
function legacyChat(messages: readonly Message[]): string {
  const turns = messages.map(({ role, content }) => {
    if (role === "user") return `\n# Query:\n\`\`\`${content}\`\`\`\n`;
    return role === "assistant" ? fencedAnswer(content) : `\n${content}\n`;
  });
  return turns.join("") + fencedAnswerOpening;
}

/** Versions 5 and 6: headings without fences; newlines around a text are left out. */
function rolesChat(messages: readonly Message[]): string {
  const turns = messages.map(({ role, content }) => {
    const text = content.replace(/^\n+|\n+$/g, "");
    if (role === "system") return `\n\n${text}\n`;
    return `\n\n# ${role === "user" ? "User" : "Assistant"}:\n${text}\n`;
  });
  return `${turns.join("")}\n\n# Assistant:\n`;
}
