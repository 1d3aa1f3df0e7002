import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isUnshiftError, UnshiftError } from "@unshift/contracts";
import type { RunStore } from "@unshift/contracts/services";
import { Annotation, type AnnotationSettings, type RaterSummary } from "../annotation.js";
import { Refusal } from "../refusal.js";
import { answerRequest } from "./answer-request.js";
import { loadAppBundle } from "./app-bundle.js";
import { guardedPath } from "./guard.js";
import { pageOf } from "./page.js";

export interface AnnotationServerOptions extends AnnotationSettings {
  /** Open for writing: its lock is held as long as people rate. The caller closes it, after the server. */
  readonly store: RunStore;
  /** Name that the page offers; null: the person types one. */
  readonly rater: string | null;
  /** 0: any that is free. */
  readonly port: number;
  /** Is told what went wrong in full; the page is told without names. */
  readonly onFault: (error: unknown) => void;
}

export interface AnnotationServer {
  /** With the token: whoever has it can rate. */
  readonly url: string;
  /** Raters who were here. */
  summary(): RaterSummary[];
  /** Takes no more requests; resolves when the ratings under way are kept. */
  close(): Promise<void>;
}

/**
 * Serves the page for raters on 127.0.0.1, under a token that is drawn anew at every start.
 *
 * @throws USAGE, CONFIG_UNKNOWN_REFERENCE, DATASET_EMPTY, ANNOTATE_PORT
 */
export async function serveAnnotation(options: AnnotationServerOptions): Promise<AnnotationServer> {
  const annotation = await Annotation.open(options.store, options);
  const page = pageOf(await loadAppBundle(), options.rater);
  const token = randomBytes(24).toString("base64url");
  let port = 0;
  const server = createServer((request, response) => {
    handle(request, response).catch(options.onFault);
  });
  // A body that drips in, or never ends, holds nobody up.
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const path = guardedPath(request, token, port);
      const answer = await answerRequest(request, path, annotation);
      if (answer === null)
        send(request, response, 200, page.html, {
          "Content-Type": "text/html; charset=utf-8",
          "Content-Security-Policy": page.policy,
        });
      else sendJson(request, response, 200, answer);
    } catch (error) {
      if (error instanceof Refusal) {
        sendJson(request, response, error.status, { error: error.message });
        return;
      }
      options.onFault(error);
      sendJson(request, response, 500, { error: faultText(error) });
    }
  }

  port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}/${token}/`,
    summary: () => annotation.summary(),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await annotation.settle();
      server.closeIdleConnections();
      // A browser keeps its connection; what it had asked for is kept by now.
      setTimeout(() => server.closeAllConnections(), 200).unref();
      await closed;
    },
  };
}

/** Told to the page: a message could name the folder, and so a system. */
function faultText(error: unknown): string {
  if (isUnshiftError(error) && error.code === "RUN_NO_SPACE")
    return "The disk is full: this rating is not kept. Free some space and save again.";
  if (isUnshiftError(error) && error.code === "RUN_NOT_WRITABLE")
    return "The run folder cannot be written: this rating is not kept.";
  return "Something went wrong; the terminal says what. This rating may not be kept: save it again.";
}

function sendJson(request: IncomingMessage, response: ServerResponse, status: number, value: unknown): void {
  send(request, response, status, JSON.stringify(value), {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  });
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): void {
  // What is left of a refused body is not read.
  if (!request.complete) response.setHeader("Connection", "close");
  response.writeHead(status, {
    ...headers,
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Resolves to the port. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new UnshiftError("ANNOTATE_PORT", `port ${port} of 127.0.0.1 cannot be listened on: ${cause.message}`, {
          hint: "Leave --port away: any free one is taken.",
          cause,
        }),
      );
    });
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
