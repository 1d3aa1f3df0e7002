import { fencedChat, fencedStops, fencedTrimEnd, type Prompt, type Sample, type Strategy } from "@unshift/contracts";

/** What stands before the question of every sample that is not opened by a system message. */
const opening = "# Query:\n```\n";

/**
 * The paper's zero-shot template (arXiv 2312.01552, §1.3 and §2): the question between fences and an open fence for the
 * answer; no system prompt, no examples. The context of the base model in token distribution shift.
 */
export const zeroShotStrategy: Strategy = {
  build(sample: Sample): Prompt {
    // The format begins with a newline, which separates it from a prompt before it. Here nothing stands before it.
    const text = fencedChat(sample.messages).slice(1);
    return {
      text,
      parseSpecial: false,
      bos: "auto",
      staticChars: text.startsWith(opening) && sample.messages[0]?.role === "user" ? opening.length : 0,
      stop: fencedStops,
      trimEnd: fencedTrimEnd,
      provenance: { format: "fenced", turns: sample.messages.filter(({ role }) => role === "user").length },
    };
  },
};
