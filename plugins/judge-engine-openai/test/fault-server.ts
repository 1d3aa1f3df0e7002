import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { ExecutionContext } from "ava";

/** A request as it came. */
export interface Asked {
  readonly at: number;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the server does with the n-th request, from 1. */
export type Behaviour = (response: ServerResponse, asked: Asked, nth: number) => void;

/** A chat endpoint on this machine that misbehaves as told. */
export interface FaultServer {
  readonly baseURL: string;
  readonly host: string;
  readonly asked: readonly Asked[];
  /** Most requests that were under way at once. */
  readonly most: () => number;
}

export async function faultServer(t: ExecutionContext, behaviour: Behaviour): Promise<FaultServer> {
  const asked: Asked[] = [];
  let underWay = 0;
  let most = 0;
  const server = createServer((request, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    response.on("close", () => {
      underWay -= 1;
    });
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString("utf8");
      const each = {
        at: performance.now(),
        url: request.url ?? "",
        headers: request.headers,
        body: text === "" ? {} : (JSON.parse(text) as Asked["body"]),
      };
      asked.push(each);
      behaviour(response, each, asked.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const host = `127.0.0.1:${address.port}`;
  return { baseURL: `http://${host}/v1`, host, asked, most: () => most };
}

/** A whole reply. */
export function reply(response: ServerResponse, content: unknown = "fine", more: object = {}): void {
  const message = { role: "assistant", content };
  json(response, 200, {
    id: "c",
    object: "chat.completion",
    created: 0,
    model: "small-1",
    choices: [{ index: 0, message, finish_reason: "stop", logprobs: null }],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    ...more,
  });
}

export function json(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** An error in the form of the OpenAI API. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  more: object = {},
  headers = {},
): void {
  json(response, status, { error: { message, type: "t", param: null, code: null, ...more } }, headers);
}
