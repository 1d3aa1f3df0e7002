import type { JudgeRequest } from "./judge-engine.js";

/** Bytes of a token; longer ones are rare outside of a few scripts. */
const tokenBytes = 4;
/** Tokens around a message that a chat template writes. */
const aroundMessage = 8;

/**
 * Tokens that a request may use, for whoever must reserve them before a tokenizer has seen it: its text at four bytes a token, and
 * the longest reply it allows.
 */
export function mostTokens({ messages, schema, maxTokens }: JudgeRequest): {
  readonly prompt: number;
  readonly reply: number;
} {
  const written = messages.reduce(
    (sum, { content }) => sum + new TextEncoder().encode(content).length / tokenBytes + aroundMessage,
    0,
  );
  const form = schema === undefined ? 0 : JSON.stringify(schema).length / tokenBytes;
  return { prompt: Math.ceil(written + form), reply: maxTokens };
}
