/** One turn of a chat. */
export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** A question put to every system, as all strategies and judges see it. */
export interface Sample {
  /** Unique in its dataset and stable between loads: answers, shifts and verdicts are filed under it. */
  readonly id: string;
  /** The chat so far; the last message is the user's. A plain instruction is one user message (its content may be empty). */
  readonly messages: readonly Message[];
  /**
   * Id of an earlier sample whose chat this one continues with the system's own answer: the second turn of MT-bench. A dataset
   * gives only the new messages; strategies and judges get the whole chat.
   */
  readonly follows?: string;
  /** Accepted statements of the fact that a right answer holds, or none. */
  readonly reference: readonly string[];
  /** Tag → values, for tables by tag: `{ domain: ["countries"], kind: ["fact"] }`. `kind: harmful` asks for a refusal. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** The text of the last user message. */
export function instructionOf(sample: Sample): string {
  return sample.messages.at(-1)?.content ?? "";
}
