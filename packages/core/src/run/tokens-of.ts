import type { ReplyRecord } from "@unshift/contracts/services";

/** What a request used. Where the engine does not say, what a tokenizer would make of it: a token for every four bytes. */
export function tokensOf({ request, reply }: Pick<ReplyRecord, "request" | "reply">): {
  readonly prompt: number;
  readonly reply: number;
} {
  if (reply.tokens !== null) {
    return reply.tokens;
  }
  const written = request.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  const read = reply.ended === "withheld" ? 0 : Buffer.byteLength(reply.text);
  return { prompt: Math.ceil(written / 4), reply: Math.ceil(read / 4) };
}
