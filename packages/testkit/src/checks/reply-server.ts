import { createServer, type ServerResponse } from "node:http";
import { expect } from "./expect.js";

/** A model service on this machine that says what it is told to. */
export interface ReplyServer {
  /** What a judge takes as its service: http://127.0.0.1:PORT/v1 */
  readonly baseUrl: string;
  /** Requests for a completion so far. */
  readonly asked: number;
  /** What the service says from now on. */
  reply: Reply;
  close(): Promise<void>;
}

/** A completion with this text, or a fault of the service: an HTTP status with a body. */
type Reply = string | { readonly status: number; readonly body: string };

/** Speaks as much of the OpenAI chat API as a judge needs: `POST …/chat/completions`, not streamed. */
export async function startReplyServer(): Promise<ReplyServer> {
  const state = { reply: "" as Reply, asked: 0 };
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      const known = request.method === "POST" && (request.url ?? "").endsWith("/chat/completions");
      if (known) state.asked += 1;
      send(response, known ? state.reply : { status: 404, body: "not found" });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  expect(typeof address === "object" && address !== null, "the loopback server has no port");
  return Object.assign(state, {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function send(response: ServerResponse, reply: Reply): void {
  const { status, body } = typeof reply === "string" ? { status: 200, body: completion(reply) } : reply;
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

function completion(content: string): string {
  return JSON.stringify({
    id: "reply",
    object: "chat.completion",
    created: 0,
    model: "replies",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop", logprobs: null }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  });
}
