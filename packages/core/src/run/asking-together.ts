import {
  type JudgeEngine,
  type JudgeReply,
  type JudgeRequest,
  type KeyedRequest,
  type Ledger,
  UnshiftError,
} from "@unshift/contracts";
import { throwIfAborted } from "./aborted.js";
import { Lull, type Work } from "./lull.js";
import type { RunEvents } from "./run-events.js";
import type { Purse } from "./spending.js";

/** A reply with the batch it came in. */
export interface BatchedReply {
  readonly reply: JudgeReply;
  readonly batch: string;
}

interface Waiting extends KeyedRequest {
  /** Keeps the reply, then gives it to whoever asked. */
  readonly keep: (reply: BatchedReply) => Promise<void>;
  readonly fail: (error: unknown) => void;
}

interface Parts {
  readonly askMany: NonNullable<JudgeEngine["askMany"]>;
  readonly ledger: Ledger;
  readonly known: ReadonlyMap<string, unknown>;
  readonly purse: Purse;
  readonly events: Pick<RunEvents, "waiting" | "note">;
}

/**
 * Gathers the requests of all judgements under way and puts them to the engine together, one call at a time. Requests that hang on
 * a reply gather for the next call.
 */
export class AskingTogether {
  private waiting = new Map<string, Waiting>();
  private underWay = false;
  private signal = new AbortController().signal;
  private readonly lull = new Lull(() => void this.askAll());

  constructor(private readonly parts: Parts) {}

  /** @param signal ends waiting for replies; what was sent goes on where it is and is read in a later sitting */
  begin(signal: AbortSignal): Work {
    this.signal = signal;
    return this.lull.begin();
  }

  /** @param keep is awaited before whoever asks gets the reply */
  ask<Kept>(
    key: string,
    request: JudgeRequest,
    repeat: number,
    keep: (reply: BatchedReply) => Promise<Kept>,
  ): Promise<Kept> {
    return new Promise((resolve, reject) => {
      this.waiting.set(key, {
        key,
        request,
        repeat,
        keep: async (reply) => resolve(await keep(reply)),
        fail: reject,
      });
    });
  }

  private async askAll(): Promise<void> {
    if (this.underWay || this.waiting.size === 0) {
      return;
    }
    this.underWay = true;
    const open = this.waiting;
    this.waiting = new Map();
    try {
      // What stopped a judgement for good stops the stage: nothing more is sent.
      throwIfAborted(this.signal);
      await this.askOnce(open);
      throw new UnshiftError("JUDGE_RESPONSE", "the judge engine gave no reply to the request, and no reason");
    } catch (error) {
      // Whoever has a reply is no longer among them.
      for (const { fail } of open.values()) fail(error);
    } finally {
      this.underWay = false;
      this.lull.look();
    }
  }

  /** @param open loses every request that is settled */
  private async askOnce(open: Map<string, Waiting>): Promise<void> {
    const { askMany, ledger, known, purse, events } = this.parts;
    const requests = [...open.values()].map(({ key, request, repeat }) => ({ key, request, repeat }));
    const sent = new Set<string>();
    const requestsOf = (keys: Iterable<string>) => [...keys].flatMap((key) => open.get(key)?.request ?? []);
    await askMany(requests, {
      signal: this.signal,
      ledger,
      has: (key) => known.has(key),
      admit: (keys) => {
        const again = new Set(keys);
        purse.requireFor(requestsOf(keys), requestsOf([...sent].filter((key) => !again.has(key))));
        for (const key of keys) sent.add(key);
      },
      resume: (keys) => {
        for (const key of keys) sent.add(key);
      },
      reply: async (key, reply, batch) => {
        const waiting = open.get(key);
        // The first reply counts; an endpoint that repeats a line changes nothing.
        if (waiting === undefined) return;
        open.delete(key);
        try {
          await waiting.keep({ reply, batch });
        } catch (error) {
          waiting.fail(error);
          throw error;
        }
      },
      fail: (key, error) => {
        open.get(key)?.fail(error);
        open.delete(key);
      },
      waiting: (what) => events.waiting(what),
      note: (message) => events.note(message),
    });
  }
}
