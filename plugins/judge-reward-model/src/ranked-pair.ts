import type { JudgeItem, RankedPair, Sample } from "@unshift/contracts";

/** How question and answer are put to the model. */
export type Format = "pair" | "qa" | "answer";

/** What the model reads of an item. */
export function rankedPair({ sample, answer }: JudgeItem, format: Format): RankedPair {
  switch (format) {
    case "pair":
      return { question: questionOf(sample), answer: answer.text };
    case "qa":
      return { question: null, answer: `Question: ${questionOf(sample)}\n\nAnswer: ${answer.text}` };
    case "answer":
      return { question: null, answer: answer.text };
  }
}

const speakers = { system: "System", user: "User", assistant: "Assistant" } as const;

/** The question by itself; of a later turn the chat up to it, each message behind its speaker. */
function questionOf({ messages }: Sample): string {
  const [only, ...more] = messages;
  return more.length === 0
    ? (only?.content ?? "")
    : messages.map(({ role, content }) => `${speakers[role]}: ${content}`).join("\n\n");
}
