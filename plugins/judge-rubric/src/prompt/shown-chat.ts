import type { Message, Sample } from "@unshift/contracts";
import type { Fence } from "./fence.js";

/** The texts of a sample, for the fence that is to hold them. */
export function chatTexts({ messages }: Pick<Sample, "messages">): string[] {
  return messages.map(({ content }) => content);
}

/** What was asked: one question between its tags, or the chat so far with a tag for each message. */
export function shownChat({ messages }: Pick<Sample, "messages">, fence: Fence): string {
  const [first, ...others] = messages;
  if (first !== undefined && others.length === 0) return fence.around("question", first.content);
  return messages.map((message) => fence.around(tagOf(message), message.content)).join("\n");
}

function tagOf({ role }: Message): string {
  return role === "user" ? "question" : role === "assistant" ? "earlier-answer" : "system-prompt";
}
