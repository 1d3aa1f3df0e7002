import type { JudgeReply } from "@unshift/contracts";
import OpenAI, { APIError } from "openai";
import type { Wording } from "./dialect.js";
import { EndpointFault, Withheld } from "./endpoint-fault.js";
import { fetchWithWords, shortened } from "./endpoint-words.js";
import { networkWords } from "./network-words.js";
import { type Completion, readCompletion } from "./read-completion.js";
import { type Endpoint, faultOf } from "./refused-request.js";

export interface Connection {
  readonly baseURL: string;
  readonly apiKey: string | undefined;
  readonly organization: string | undefined;
  readonly timeoutMs: number;
}

/** One try of one request, by the OpenAI SDK without its own repeating, which would know nothing of queue and limits. */
export class RequestSender {
  private readonly client: OpenAI;

  constructor(
    private readonly connection: Connection,
    private readonly endpoint: Endpoint,
  ) {
    const { apiKey, baseURL, organization, timeoutMs } = connection;
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
      // Its timeout ends with the headers; ours, below, with the body, and so comes first.
      timeout: timeoutMs * 2,
      logLevel: "off",
      fetch: fetchWithWords,
    });
  }

  /** @throws EndpointFault, Withheld; the signal's reason */
  async send(wording: Wording, signal: AbortSignal): Promise<JudgeReply> {
    const attempt = new AbortController();
    const abort = () => attempt.abort(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      attempt.abort();
    }, this.connection.timeoutMs);
    try {
      signal.throwIfAborted();
      const body = await this.client.post<unknown>("/chat/completions", { body: wording.body, signal: attempt.signal });
      return this.replyIn(readCompletion(body, this.endpoint.model));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof EndpointFault || error instanceof Withheld) throw error;
      throw late ? this.lateFault() : this.faultOf(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }
  }

  private replyIn(completion: Completion): JudgeReply {
    const { mask, host } = this.endpoint;
    if ("reply" in completion) {
      const { text, model } = completion.reply;
      return { ...completion.reply, text: mask(text), model: mask(model) };
    }
    if ("error" in completion && completion.error.status !== null) {
      throw faultOf({ ...completion.error, status: completion.error.status, headers: new Headers() }, this.endpoint);
    }
    const why = "error" in completion ? shortened(mask(completion.error.message)) : completion.unusable;
    throw this.unusable(`${host} answers, but not with a completion: ${why}`);
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
    const { words, hint, passes } = networkWords(error, host);
    return new EndpointFault(this.endpoint.mask(words), { code: "JUDGE_UNREACHABLE", passes, hint });
  }

  private lateFault(): EndpointFault {
    const seconds = this.connection.timeoutMs / 1000;
    return new EndpointFault(`${this.endpoint.host} gave no whole reply within ${seconds} s`, {
      code: "JUDGE_UNREACHABLE",
      passes: true,
      hint: "Raise `timeoutSeconds`, or lower `concurrency` where the server works on few requests at once.",
    });
  }

  private unusable(message: string): EndpointFault {
    return new EndpointFault(message, {
      code: "JUDGE_RESPONSE",
      passes: true,
      hint: `Is it an OpenAI-compatible API? Asked was ${this.endpoint.url}.`,
    });
  }
}
