import { setMaxListeners } from "node:events";
import { type JudgeEngine, type JudgeReply, type JudgeRequest, mostTokens, UnshiftError } from "@unshift/contracts";
import PQueue from "p-queue";
import pRetry, { type RetryContext } from "p-retry";
import { Dialect, type Wording } from "./dialect.js";
import { EndpointFault, Withheld } from "./endpoint-fault.js";
import type { EndpointOptions } from "./endpoint-options.js";
import type { Pace } from "./pace.js";

/** Sends a worded request once. Throws EndpointFault, Withheld, or the signal's reason. */
type Send = (wording: Wording, signal: AbortSignal) => Promise<JudgeReply>;

export interface EngineParts {
  readonly identity: string;
  readonly options: EndpointOptions;
  readonly send: Send;
  readonly pace: Pace;
  /** Wait before the first repetition; doubled for each further one, and drawn out at random so that not all come at once. */
  readonly firstDelayMs: number;
  log(level: "info" | "warn", message: string): void;
}

const longestDelayMs = 30_000;

/** Asks an endpoint: at its pace, again where that may help, differently where it does not take a field. */
export class EndpointEngine implements JudgeEngine {
  readonly identity: string;
  readonly concurrency: number;
  /** Prices change and differ by contract: the experiment says them. */
  readonly prices = null;
  private readonly queue: PQueue;
  private readonly dialect: Dialect;
  private readonly learned = new Set<string>();
  /** Replies so far: while they grow, an endpoint that asks to wait is only busy. */
  private replies = 0;

  constructor(private readonly parts: EngineParts) {
    this.identity = parts.identity;
    this.concurrency = parts.options.concurrency;
    this.queue = new PQueue({ concurrency: parts.options.concurrency });
    this.dialect = new Dialect(parts.options);
  }

  async ask(
    request: JudgeRequest,
    options: { readonly signal: AbortSignal; readonly repeat: number },
  ): Promise<JudgeReply> {
    // All requests of a run listen to one signal: more than the ten from which on Node suspects a leak. Each listens once.
    setMaxListeners(0, options.signal);
    const interruption = new AbortController();
    const interrupt = () => interruption.abort();
    if (options.signal.aborted) interrupt();
    options.signal.addEventListener("abort", interrupt, { once: true });
    try {
      return await this.askInOwnWords(request, options.repeat, interruption.signal);
    } finally {
      options.signal.removeEventListener("abort", interrupt);
    }
  }

  private async askInOwnWords(request: JudgeRequest, repeat: number, signal: AbortSignal): Promise<JudgeReply> {
    const tries = { count: 0 };
    try {
      for (;;) {
        const wording = this.dialect.word(request, repeat);
        try {
          return { ...(await this.askWorded(wording, request, signal, tries)), ...wording.unsent };
        } catch (error) {
          const learned = error instanceof EndpointFault ? this.dialect.learn(error, wording) : null;
          if (learned === null) throw error;
          // Requests that were under way together are refused together.
          if (!this.learned.has(learned)) {
            this.parts.log("warn", `${error instanceof Error ? error.message : ""}: ${learned}`);
          }
          this.learned.add(learned);
        }
      }
    } catch (error) {
      if (signal.aborted) {
        throw new UnshiftError("ABORTED", "interrupted while a judge was asked; the replies so far are kept");
      }
      if (error instanceof Withheld) {
        return { text: error.message, ended: "withheld", model: this.parts.options.model, tokens: null };
      }
      throw error instanceof EndpointFault ? error.forUser(tries.count) : error;
    }
  }

  /** Each try goes through the queue, so that repeated requests keep to the limits too. */
  private askWorded(
    wording: Wording,
    request: JudgeRequest,
    signal: AbortSignal,
    tries: { count: number },
  ): Promise<JudgeReply> {
    const limited = { repliesBefore: this.replies, times: 0 };
    const attempt = () =>
      this.queue.add(
        async () => {
          tries.count += 1;
          const reply = await this.sendInPace(wording, request, signal);
          this.replies += 1;
          return reply;
        },
        { signal },
      );
    return pRetry(attempt, {
      retries: this.parts.options.retries,
      minTimeout: this.parts.firstDelayMs,
      maxTimeout: longestDelayMs,
      factor: 2,
      randomize: true,
      signal,
      onFailedAttempt: (context) => {
        this.obey(context);
        this.countLimited(context.error, limited);
      },
      shouldRetry: ({ error }) => error instanceof EndpointFault && error.passes,
      shouldConsumeRetry: ({ error }) => !isLimited(error),
    });
  }

  /**
   * An endpoint that asks one request to wait while it answers others is only busy, and a request may come last many times. It is
   * given up when the endpoint answered nobody during all its tries.
   */
  private countLimited(error: Error, limited: { repliesBefore: number; times: number }): void {
    if (!isLimited(error)) return;
    if (this.replies > limited.repliesBefore) limited.times = 0;
    limited.repliesBefore = this.replies;
    limited.times += 1;
    if (limited.times > this.parts.options.retries) throw error;
  }

  private async sendInPace(wording: Wording, request: JudgeRequest, signal: AbortSignal): Promise<JudgeReply> {
    const { pace, send } = this.parts;
    const most = mostTokens(request);
    const admission = await pace.admit(most.prompt + most.reply, signal);
    try {
      const reply = await send(wording, signal);
      if (reply.tokens !== null) pace.settle(admission, reply.tokens.prompt + reply.tokens.reply);
      return reply;
    } catch (error) {
      // A refused request used nothing; one that was cut off may have used all.
      if (error instanceof EndpointFault && error.status !== null) pace.settle(admission, 0);
      throw error;
    }
  }

  /** After a fault: whoever is asked to wait waits, all others with it. Throws where that is longer than allowed. */
  private obey({ error, attemptNumber }: RetryContext): void {
    if (!(error instanceof EndpointFault) || !error.passes) return;
    const { options, pace, firstDelayMs, log } = this.parts;
    const most = options.maxRetryAfterSeconds * 1000;
    if (error.waitMs !== null && error.waitMs > most) throw error.tooLong(most);
    const backOff = isLimited(error) ? firstDelayMs * 2 ** (attemptNumber - 1) : 0;
    const wait = error.waitMs ?? Math.min(error.resetMs ?? Math.min(backOff, longestDelayMs), most);
    pace.hold(wait);
    log("info", `try ${attemptNumber}: ${error.message}${wait === 0 ? "" : `; all wait ${Math.ceil(wait)} ms`}`);
  }
}

function isLimited(error: Error): boolean {
  return error instanceof EndpointFault && error.passes && error.code === "JUDGE_RATE_LIMITED";
}
