import {
  fencedAnswer,
  fencedAnswerOpening,
  fencedChat,
  fencedStops,
  fencedTrimEnd,
  type Message,
  type Prompt,
  type Sample,
  type Strategy,
} from "@unshift/contracts";
import type { UrialPrompt } from "./prompt-file.js";

/**
 * URIAL (arXiv 2312.01552, §3): the same system text and K restyled examples before every question. Earlier turns of a chat
 * are appended as further examples.
 *
 * @param name as the user wrote it: `builtin:k3`
 */
export function urialStrategy(prompt: UrialPrompt, name: string): Strategy {
  const chat = prompt.fences === "legacy" ? legacyChat : fencedChat;
  // All that the rendering of any question begins with.
  const opening = prompt.fences === "legacy" ? "\n# Query:\n```" : "\n# Query:\n```\n";
  const provenance = {
    prompt: name,
    sha256: prompt.sha256,
    k: prompt.examples.length,
    fences: prompt.fences,
    exampleQueries: prompt.examples.map(({ query }) => query),
    ...(prompt.remarks.length > 0 ? { remarks: prompt.remarks } : {}),
  };
  return {
    build(sample: Sample): Prompt {
      const begins = sample.messages[0]?.role === "user" ? opening : "";
      return {
        text: prompt.text + chat(sample.messages),
        parseSpecial: false,
        bos: "auto",
        staticChars: prompt.text.length + begins.length,
        stop: fencedStops,
        trimEnd: fencedTrimEnd,
        provenance,
      };
    },
  };
}

/** {@link fencedChat} with the fences of the earlier prompt files, which stand directly around a query. */
function legacyChat(messages: readonly Message[]): string {
  const turns = messages.map(({ role, content }) => {
    if (role === "user") return `\n# Query:\n\`\`\`${content}\`\`\`\n`;
    return role === "assistant" ? fencedAnswer(content) : `\n${content}\n`;
  });
  return turns.join("") + fencedAnswerOpening;
}
