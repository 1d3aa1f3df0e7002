import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { ExecutionContext } from "ava";
import { json, refuse } from "./fault-server.js";

/** A line of an uploaded file. */
export interface RequestLine {
  readonly custom_id: string;
  readonly method: string;
  readonly url: string;
  readonly body: { readonly messages: readonly { readonly content: string }[]; readonly [field: string]: unknown };
}

/** A batch as the server keeps it; a test moves it on. */
export interface ServerBatch {
  readonly id: string;
  readonly input_file_id: string;
  status: string;
  readonly lines: readonly RequestLine[];
  output_file_id: string | null;
  error_file_id: string | null;
  errors: unknown;
  [field: string]: unknown;
}

type Route = "upload" | "create" | "list" | "look" | "content" | "delete" | "chat";

interface Behaviour {
  /** Looks a batch is `in_progress` for before it ends by itself; null: until a test ends it. */
  readonly looks?: number | null;
  /** Before a route does its work: true where the response was given. `nth` from 1. */
  readonly before?: (route: Route, response: ServerResponse, nth: number, request: IncomingMessage) => boolean;
  /** After the work, in place of the answer: true where the response was given, or was not. */
  readonly instead?: (route: Route, response: ServerResponse, nth: number) => boolean;
  /** How a batch ends. Default: every line is answered. */
  readonly end?: (batch: ServerBatch, server: BatchServer) => void;
}

/** An endpoint on this machine that speaks Files and Batches, and counts what is paid: requests of batches it made and did. */
export interface BatchServer {
  readonly baseURL: string;
  readonly host: string;
  readonly batches: ServerBatch[];
  readonly files: Map<string, string>;
  /** Requests by route. */
  readonly calls: Record<Route, number>;
  /** How often each request was paid, by custom_id. */
  readonly paid: Map<string, number>;
  /** Headers of every request. */
  readonly headers: IncomingMessage["headers"][];
  /** Ends a batch with an output of whole replies for `answered` and the given error lines. */
  finish(
    batch: ServerBatch,
    parts?: { status?: string; answered?: readonly RequestLine[]; errors?: readonly string[]; extra?: string },
  ): void;
  /** What it does differently from now on. */
  behave(behaviour: Behaviour): void;
}

export async function batchServer(t: ExecutionContext, first: Behaviour = {}): Promise<BatchServer> {
  let behaviour: Behaviour = first;
  const looked = new Map<string, number>();
  let names = 0;
  const server: BatchServer & { baseURL: string; host: string } = {
    baseURL: "",
    host: "",
    batches: [],
    files: new Map(),
    calls: { upload: 0, create: 0, list: 0, look: 0, content: 0, delete: 0, chat: 0 },
    paid: new Map(),
    headers: [],
    finish(batch, { status = "completed", answered = batch.lines, errors = [], extra = "" } = {}) {
      for (const { custom_id } of answered) server.paid.set(custom_id, (server.paid.get(custom_id) ?? 0) + 1);
      const output = answered.map((line) => `${JSON.stringify(answerOf(line))}\n`).join("") + extra;
      batch.status = status;
      batch.output_file_id = output === "" ? null : keep(output);
      batch.error_file_id = errors.length === 0 ? null : keep(errors.join("\n"));
    },
    behave(next) {
      behaviour = next;
    },
  };
  const keep = (text: string) => {
    names += 1;
    const id = `file-${names}`;
    server.files.set(id, text);
    return id;
  };

  const work: Record<Route, (body: string, id: string, url: URL) => [number, unknown]> = {
    upload: (body) => [200, { id: keep(fileOf(body)), object: "file", purpose: "batch" }],
    create: (body) => {
      const { input_file_id, endpoint, completion_window } = JSON.parse(body) as Record<string, string>;
      const text = server.files.get(input_file_id ?? "");
      if (text === undefined) return [400, { error: { message: `No such File object: ${input_file_id}` } }];
      if (endpoint !== "/v1/chat/completions" || !/^\d+[hd]$/.test(completion_window ?? "")) return [400, {}];
      const batch: ServerBatch = {
        id: `batch_${server.batches.length + 1}`,
        object: "batch",
        input_file_id: input_file_id ?? "",
        status: "validating",
        lines: text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as RequestLine),
        output_file_id: null,
        error_file_id: null,
        errors: null,
      };
      server.batches.push(batch);
      return [200, told(batch)];
    },
    list: (_body, _id, url) => {
      const after = url.searchParams.get("after");
      const newest = server.batches.toReversed();
      const from = after === null ? 0 : newest.findIndex(({ id }) => id === after) + 1;
      const page = newest.slice(from, from + Number(url.searchParams.get("limit")));
      return [200, { object: "list", data: page.map(told), has_more: from + page.length < newest.length }];
    },
    look: (_body, id) => {
      const batch = server.batches.find((each) => each.id === id);
      if (batch === undefined) return [404, { error: { message: `No batch found with id '${id}'.` } }];
      const looks = (looked.get(id) ?? 0) + 1;
      looked.set(id, looks);
      const { looks: most = 1, end = (each: ServerBatch) => server.finish(each) } = behaviour;
      if (batch.status === "validating") batch.status = "in_progress";
      if (batch.status === "in_progress" && most !== null && looks > most) end(batch, server);
      return [200, told(batch)];
    },
    content: (_body, id) => {
      const text = server.files.get(id);
      return text === undefined ? [404, { error: { message: "No such File object" } }] : [200, text];
    },
    delete: (_body, id) => [server.files.delete(id) ? 200 : 404, { id, deleted: true }],
    chat: (body) => {
      const asked = JSON.parse(body) as RequestLine["body"];
      return [200, completionOf(asked)];
    },
  };

  const http = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://x");
      const { route, id } = routeOf(request.method ?? "", url.pathname);
      server.headers.push(request.headers);
      if (route === null) {
        refuse(response, 404, `no ${request.method} ${url.pathname}`);
        return;
      }
      server.calls[route] += 1;
      const nth = server.calls[route];
      if (behaviour.before?.(route, response, nth, request) === true) return;
      const [status, answer] = work[route](Buffer.concat(pieces).toString("utf8"), id, url);
      if (behaviour.instead?.(route, response, nth) === true) return;
      if (typeof answer === "string") response.writeHead(status, { "content-type": "application/jsonl" }).end(answer);
      else json(response, status, answer);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  server.host = `127.0.0.1:${address.port}`;
  server.baseURL = `http://${server.host}/v1`;
  return server;
}

function routeOf(method: string, path: string): { route: Route | null; id: string } {
  const [, , what, id = "", more] = path.split("/");
  const named: Record<string, Route> = {
    "POST files": "upload",
    "POST batches": "create",
    "GET batches": id === "" ? "list" : "look",
    "DELETE files": "delete",
    "POST chat": "chat",
    ...(more === "content" ? { "GET files": "content" } : {}),
  };
  return { route: named[`${method} ${what}`] ?? null, id };
}

function told({ lines, ...batch }: ServerBatch) {
  const done = ["completed", "expired", "cancelled"].includes(batch.status);
  return { ...batch, request_counts: { total: lines.length, completed: done ? lines.length : 0, failed: 0 } };
}

/** The file in a multipart form, by its boundary. */
function fileOf(form: string): string {
  const boundary = form.slice(0, form.indexOf("\r\n"));
  const part = form.split(boundary).find((each) => /name="file"/.test(each)) ?? "";
  return part.slice(part.indexOf("\r\n\r\n") + 4, part.lastIndexOf("\r\n"));
}

/** What is thought of a request: its own text. */
export function completionOf({ messages }: RequestLine["body"]) {
  return {
    model: "small-1",
    choices: [{ index: 0, message: { content: `read: ${messages[0]?.content}` }, finish_reason: "stop" }],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  };
}

export function answerOf({ custom_id, body }: RequestLine) {
  return {
    id: `r-${custom_id}`,
    custom_id,
    response: { status_code: 200, request_id: "q", body: completionOf(body) },
    error: null,
  };
}

/** An error line in the words of the API. */
export function errorLine({ custom_id }: RequestLine, status: number | null, message: string, code = ""): string {
  return JSON.stringify({
    id: `e-${custom_id}`,
    custom_id,
    response: status === null ? null : { status_code: status, request_id: "q", body: { error: { message, code } } },
    error: status === null ? { code, message } : null,
  });
}
