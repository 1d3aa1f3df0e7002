import OpenAI, { APIError } from "openai";
import { EndpointFault, Withheld } from "./endpoint-fault.js";
import { fetchWithWords } from "./endpoint-words.js";
import { networkWords } from "./network-words.js";
import { type Endpoint, faultOf } from "./refused-request.js";

export interface Connection {
  readonly baseURL: string;
  readonly apiKey: string | undefined;
  readonly organization: string | undefined;
  readonly timeoutMs: number;
}

/** How one call is made. */
export interface CallOptions {
  readonly signal: AbortSignal;
  /** Ours ends with the body; the SDK's own, with the headers. */
  readonly timeout: number;
}

/** What a call may take longer than a request does, and what helps where that is too short. */
export interface CallLimit {
  readonly timeoutMs: number;
  readonly hint: string;
}

/** One try of one call, by the OpenAI SDK without its own repeating, which would know nothing of queue and limits. */
export class EndpointCalls {
  private readonly client: OpenAI;

  constructor(
    private readonly connection: Connection,
    readonly endpoint: Endpoint,
  ) {
    const { apiKey, baseURL, organization } = connection;
    this.client = new OpenAI({
      baseURL,
      // The SDK reads OPENAI_… variables for whatever is left out; another endpoint must not be sent OpenAI's key.
      apiKey: apiKey ?? "none",
      adminAPIKey: null,
      organization: organization ?? null,
      project: null,
      webhookSecret: null,
      defaultHeaders: apiKey === undefined ? { Authorization: null } : {},
      maxRetries: 0,
      logLevel: "off",
      fetch: fetchWithWords,
    });
  }

  /** @throws EndpointFault, Withheld; the signal's reason */
  async call<Answer>(
    make: (client: OpenAI, options: CallOptions) => Promise<Answer>,
    signal: AbortSignal,
    { timeoutMs, hint }: CallLimit = this.usual,
  ): Promise<Answer> {
    const attempt = new AbortController();
    const abort = () => attempt.abort(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      attempt.abort();
    }, timeoutMs);
    try {
      signal.throwIfAborted();
      return await make(this.client, { signal: attempt.signal, timeout: timeoutMs * 2 });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof EndpointFault || error instanceof Withheld) throw error;
      throw late ? this.lateFault(timeoutMs / 1000, hint) : this.faultOf(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }
  }

  /** An answer that is none. */
  unusable(message: string): EndpointFault {
    return new EndpointFault(message, {
      code: "JUDGE_RESPONSE",
      passes: true,
      hint: `Is it an OpenAI-compatible API? Asked was ${this.endpoint.url}.`,
    });
  }

  private faultOf(error: unknown): EndpointFault | Withheld {
    const { host } = this.endpoint;
    if (error instanceof APIError && typeof error.status === "number") {
      const { status, code, message, headers } = error as APIError<number, Headers>;
      // The SDK puts the status before the words.
      const words = message.startsWith(`${status} `) ? message.slice(`${status} `.length) : message;
      return faultOf({ status, code: String(code ?? ""), message: words, headers }, this.endpoint);
    }
    if (error instanceof SyntaxError) {
      return this.unusable(`${host} answers, but its JSON is broken or breaks off`);
    }
    const { words, hint, passes } = networkWords(error, host, this.endpoint.url.startsWith("http:"));
    return new EndpointFault(this.endpoint.mask(words), { code: "JUDGE_UNREACHABLE", passes, hint });
  }

  private get usual(): CallLimit {
    return {
      timeoutMs: this.connection.timeoutMs,
      hint: "Raise `timeoutSeconds`, or lower `concurrency` where the server works on few requests at once.",
    };
  }

  private lateFault(seconds: number, hint: string): EndpointFault {
    return new EndpointFault(`${this.endpoint.host} gave no whole reply within ${seconds} s`, {
      code: "JUDGE_UNREACHABLE",
      passes: true,
      hint,
    });
  }
}
