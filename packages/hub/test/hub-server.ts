import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { createHub, type HubOptions } from "../src/index.js";

export const commit = "0123456789abcdef0123456789abcdef01234567";

/** What the server does wrong, by the number of the request for bytes (from 0). */
export interface Faults {
  /** Bytes after which the connection is cut; null: none. */
  cutAfter?: (request: number) => number | null;
  /** Serves other bytes than announced. */
  wrongBytes?: boolean;
  /** Answers Range with 416, or ignores it. */
  range?: "refuse" | "ignore";
  /** Status of the first requests of any kind, with their headers. */
  first?: { status: number; headers?: Record<string, string> }[];
  /** Every answer. */
  always?: { status: number; headers?: Record<string, string> };
  /** Leaves out hash and commit. */
  bare?: boolean;
  /** Sends headers, then nothing. */
  silent?: boolean;
}

export interface Seen {
  readonly host: "hub" | "cdn";
  readonly method: string;
  readonly url: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");
export const gitSha1 = (content: Buffer) =>
  createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");

/**
 * A hub on loopback that speaks the protocol: large files (`*.gguf`, `*.parquet`) are redirected to a second server on another
 * port, small ones are sent by the hub itself; the tree comes in pages of two.
 */
export async function hubServer(t: ExecutionContext, files: Readonly<Record<string, Buffer>>, faults: Faults = {}) {
  const seen: Seen[] = [];
  let received = 0;
  // What a client has not read yet is lost with its connection: the cut waits until the bytes before it are written. Of a client
  // in another process nothing is heard, so it is given a while.
  const cutWhenReceived = async (response: ServerResponse, bytes: number) => {
    for (let waited = 0; received < bytes && waited < 1500; waited += 10) await sleep(10);
    response.destroy();
  };
  let byteRequests = 0;
  const isLarge = (file: string) => /\.(gguf|parquet)$/.test(file);
  const note = (host: "hub" | "cdn", request: IncomingMessage) => {
    const { method = "", url = "", headers } = request;
    seen.push({ host, method, url, range: headers.range, authorization: headers.authorization });
  };

  const sendBytes = (request: IncomingMessage, response: ServerResponse, content: Buffer, headers: object) => {
    const number = byteRequests++;
    const body = faults.wrongBytes ? Buffer.alloc(content.length, 0x21) : content;
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (request.headers.range !== undefined && faults.range === "refuse") {
      response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
      return;
    }
    const partial = request.headers.range !== undefined && faults.range !== "ignore";
    const part = partial ? body.subarray(from) : body;
    response.writeHead(partial ? 206 : 200, {
      ...headers,
      "content-length": part.length,
      ...(partial ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    });
    const cut = faults.cutAfter?.(number) ?? null;
    if (faults.silent) response.flushHeaders();
    else if (cut === null) response.end(part);
    else response.write(part.subarray(0, cut), () => void cutWhenReceived(response, (partial ? from : 0) + cut));
  };

  const cdn = await listening(
    t,
    createServer((request, response) => {
      note("cdn", request);
      const content = files[decodeURIComponent((request.url ?? "").slice(1))];
      if (content === undefined) response.writeHead(404).end();
      else sendBytes(request, response, content, {});
    }),
  );
  const hub = await listening(
    t,
    createServer((request, response) => {
      note("hub", request);
      const special = faults.always ?? faults.first?.shift();
      if (special !== undefined) {
        response.writeHead(special.status, special.headers).end();
        return;
      }
      const url = new URL(request.url ?? "/", hub);
      const about = /^\/api\/(?:models|datasets)\/acme\/thing\/(revision|tree)\/([^/]+)$/.exec(url.pathname);
      if (about !== null) {
        tell(url, about[1] ?? "", response);
        return;
      }
      const found = /^(?:\/datasets)?\/acme\/thing\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname);
      if (found === null) {
        response.writeHead(404, { "x-error-code": "RepoNotFound" }).end();
        return;
      }
      if (!["main", commit].includes(found[1] ?? "")) {
        response.writeHead(404, { "x-error-code": "RevisionNotFound" }).end();
        return;
      }
      const file = decodeURIComponent(found[2] ?? "");
      const content = files[file];
      if (content === undefined) {
        response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
        return;
      }
      const headers = faults.bare ? {} : { "x-repo-commit": commit, etag: `"${gitSha1(content)}"` };
      if (isLarge(file)) {
        const linked = { "x-linked-etag": `"${sha256(content)}"`, "x-linked-size": String(content.length) };
        response
          .writeHead(302, {
            ...headers,
            ...(faults.bare ? {} : linked),
            location: `${cdn}/${encodeURIComponent(file)}`,
          })
          .end();
      } else if (request.method === "HEAD")
        response.writeHead(200, { ...headers, "content-length": content.length }).end();
      else sendBytes(request, response, content, headers);
    }),
  );

  const tell = (url: URL, what: string, response: ServerResponse) => {
    if (what === "revision") {
      response.end(JSON.stringify({ sha: commit }));
      return;
    }
    const entries = [
      { type: "directory", path: "folder" },
      ...Object.keys(files).map((path) => ({ type: "file", path })),
    ];
    const from = Number(url.searchParams.get("cursor") ?? 0);
    if (from + 2 < entries.length) {
      response.setHeader("link", `<${hub}${url.pathname}?recursive=true&cursor=${from + 2}>; rel="next"`);
    }
    response.end(JSON.stringify(entries.slice(from, from + 2)));
  };

  const cacheDir = await mkdtemp(join(tmpdir(), "unshift-hub-"));
  t.teardown(() => rm(cacheDir, { recursive: true, force: true }));
  return {
    endpoint: hub,
    cacheDir,
    seen,
    open: (options: HubOptions = {}) =>
      createHub({
        ...{ endpoint: hub, token: null, offline: false, cacheDir, retryDelayMs: 5, timeoutMs: 5000, ...options },
        onProgress: (progress) => {
          received = progress.doneBytes;
          options.onProgress?.(progress);
        },
      }),
  };
}

async function listening(t: ExecutionContext, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
