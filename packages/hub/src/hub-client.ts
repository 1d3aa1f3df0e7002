import { setTimeout as sleep } from "node:timers/promises";
import { UnshiftError } from "@unshift/contracts";
import { codeOf } from "./cache-layout.js";
import type { HubSettings } from "./hub-settings.js";

export interface ClientOptions {
  readonly fetch: typeof fetch;
  /** Longest silence: until headers come, and between two pieces of a body. */
  readonly timeoutMs: number;
  /** Wait before the second try; doubled for each further one. */
  readonly retryDelayMs: number;
  /** Tries of one request. */
  readonly tries: number;
  /** Longest `retry-after` that is waited for. */
  readonly longestWaitMs: number;
}

export interface HubRequest {
  readonly method: "GET" | "HEAD";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether redirects to other hosts are followed; where not, they are the answer. */
  readonly leaveHost: boolean;
  readonly signal: AbortSignal;
  /** Statuses that the caller understands, beside 2xx. */
  readonly understood?: readonly number[];
}

const mostRedirects = 5;

/** Requests to the hub: redirects by hand so that the token stays with its host, bounded retries, coded errors. */
export class HubClient {
  readonly #settings: HubSettings;
  readonly #options: ClientOptions;
  readonly #origin: string;

  constructor(settings: HubSettings, options: ClientOptions) {
    this.#settings = settings;
    this.#options = options;
    if (!URL.canParse(settings.endpoint) || !/^https?:$/.test(new URL(settings.endpoint).protocol)) {
      throw new UnshiftError(
        "HUB_UNREACHABLE",
        `HF_ENDPOINT is ${JSON.stringify(settings.endpoint)}, which is no URL`,
        {
          hint: "Wanted: https://HOST, or nothing for https://huggingface.co.",
        },
      );
    }
    this.#origin = new URL(settings.endpoint).origin;
  }

  /** Waits before try number `attempt` (from 1). */
  async pause(attempt: number, signal: AbortSignal): Promise<void> {
    await this.#wait(this.#options.retryDelayMs * 2 ** (attempt - 1), signal);
  }

  get tries(): number {
    return this.#options.tries;
  }

  get timeoutMs(): number {
    return this.#options.timeoutMs;
  }

  get hasToken(): boolean {
    return this.#settings.token !== null;
  }

  /** @throws HUB_UNREACHABLE, HUB_RATE_LIMITED, HUB_RESPONSE, ABORTED. Statuses from 400 that are understood are given back. */
  async send(request: HubRequest): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      let response: Response;
      try {
        response = await this.#follow(request);
      } catch (error) {
        if (request.signal.aborted) throw aborted(error);
        if (error instanceof UnshiftError) throw error;
        if (attempt >= this.#options.tries) throw this.unreachable(error);
        await this.pause(attempt, request.signal);
        continue;
      }
      const { status } = response;
      if (status < 400 || (request.understood ?? []).includes(status)) return response;
      await response.body?.cancel();
      if (status !== 429 && status < 500) {
        throw new UnshiftError("HUB_RESPONSE", `${this.#hostOf(request.url)} answered ${status} to ${request.url}`);
      }
      const asked = retryAfterMs(response.headers.get("retry-after"));
      const tooLong = asked !== null && asked > this.#options.longestWaitMs;
      if (tooLong || attempt >= this.#options.tries) throw this.#refused(status, asked, request.url);
      if (asked === null) await this.pause(attempt, request.signal);
      else await this.#wait(asked, request.signal);
    }
  }

  /** A body as JSON. */
  async json(response: Response, what: string): Promise<unknown> {
    const { timeoutMs } = this.#options;
    const late = new AbortController();
    const timeout = sleep(timeoutMs, null, { signal: late.signal }).catch(() => null);
    try {
      const text = await Promise.race([response.text(), timeout]);
      if (text === null) throw new Error(`silent for ${timeoutMs / 1000} s`);
      return JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw this.unreachable(error);
      throw new UnshiftError("HUB_RESPONSE", `what the hub says of ${what} is not JSON`, { cause: error });
    } finally {
      late.abort();
    }
  }

  /** The host did not answer, or its answer broke off. */
  unreachable(error: unknown): UnshiftError {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = codeOf(cause) || (cause instanceof Error ? cause.message : String(cause));
    return new UnshiftError("HUB_UNREACHABLE", `${new URL(this.#origin).host} cannot be reached (${why})`, {
      hint:
        "Start again to go on where it broke. Without that host: `--offline` uses what the cache holds, HF_ENDPOINT names a mirror, " +
        "and a file fetched elsewhere is named by its local path.",
      cause: error,
    });
  }

  async #follow(request: HubRequest): Promise<Response> {
    let url = new URL(request.url);
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const response = await this.#once(url, request);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || response.status === 304 || location === null)
        return response;
      const next = new URL(location, url);
      if (next.origin !== this.#origin && !request.leaveHost) return response;
      await response.body?.cancel();
      url = next;
    }
    throw new UnshiftError("HUB_RESPONSE", `${request.url} was redirected more than ${mostRedirects} times`);
  }

  async #once(url: URL, { method, headers, signal }: HubRequest): Promise<Response> {
    const { token } = this.#settings;
    const silence = new AbortController();
    const timer = setTimeout(
      () => silence.abort(new Error(`no answer within ${this.#options.timeoutMs / 1000} s`)),
      this.#options.timeoutMs,
    );
    try {
      return await this.#options.fetch(url, {
        method,
        redirect: "manual",
        signal: AbortSignal.any([signal, silence.signal]),
        headers: {
          // The hash is of the bytes as they are stored.
          "accept-encoding": "identity",
          "user-agent": "unshift",
          ...headers,
          ...(token !== null && url.origin === this.#origin ? { authorization: `Bearer ${token}` } : {}),
        },
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #refused(status: number, asked: number | null, url: string): UnshiftError {
    const host = this.#hostOf(url);
    if (status !== 429) return new UnshiftError("HUB_RESPONSE", `${host} answered ${status} again and again to ${url}`);
    const wait = asked === null ? "" : `; it asks to wait ${Math.ceil(asked / 1000)} s`;
    return new UnshiftError("HUB_RATE_LIMITED", `${host} refuses more requests for now (429)${wait}`, {
      hint: this.hasToken ? undefined : "Requests with a token (HF_TOKEN) are limited less.",
    });
  }

  #hostOf(url: string): string {
    return new URL(url).host;
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      throw aborted(error);
    }
  }
}

export function aborted(cause: unknown): UnshiftError {
  return new UnshiftError("ABORTED", "interrupted; what was downloaded is kept and the same command continues", {
    cause,
  });
}

/** Seconds, or a date. */
function retryAfterMs(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d+(\.\d+)?$/.test(text.trim())) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
