import type { Message } from "./sample.js";

/**
 * The paper's format for base models (arXiv 2312.01552 §3; the renderer of its prompts from version 3 on): a query and its
 * answer each stand under a heading, between fences. All in-context strategies of the paper share it.
 */
export function fencedQuery(query: string): string {
  return `\n# Query:\n\`\`\`\n${query}\n\`\`\`\n`;
}

/** A finished answer below its query. */
export function fencedAnswer(answer: string): string {
  return `${fencedAnswerOpening}${answer}\n\`\`\`\n`;
}

/** What the model continues: its answer begins behind it. */
export const fencedAnswerOpening = "\n# Answer:\n```\n";

/**
 * A chat in that format, open for the next answer. Earlier turns become earlier examples, as in the paper's multi-turn
 * setting; the text of a system message stands where it was said, without a heading. Begins with a newline, so that it
 * continues a text that ends with one.
 */
export function fencedChat(messages: readonly Message[]): string {
  const turns = messages.map(({ role, content }) => {
    if (role === "user") return fencedQuery(content);
    return role === "assistant" ? fencedAnswer(content) : `\n${content}\n`;
  });
  return turns.join("") + fencedAnswerOpening;
}

/**
 * What ends an answer: its closing fence on a line of its own, or the heading of a next query. A fence inside an answer that
 * names a language (```python) is none, and so is the word "Query" inside a line.
 */
export const fencedStops: readonly string[] = ["\n```\n", "\n# Query:", "\n# User:"];

/**
 * The template's own next query, whole: ends an answer even within a code block it left open. Less than that may be a comment.
 */
export const fencedStopAlways: readonly string[] = ["\n# Query:\n```"];

/** A closing fence at the very end, behind which no newline came. */
export const fencedTrimEnd: readonly string[] = ["\n```"];
