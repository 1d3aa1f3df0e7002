import {
  type Ask,
  type JudgeEngine,
  type JudgeReply,
  type JudgeRequest,
  type Ledger,
  UnshiftError,
} from "@unshift/contracts";
import type { ReplyRecord, RunStore } from "@unshift/contracts/services";
import type { JudgeEngineSpec } from "../config/experiment.js";
import { AskingTogether } from "./asking-together.js";
import { keyOf } from "./key.js";
import type { RunEvents } from "./run-events.js";
import { Purse } from "./spending.js";

/** Whose request it is, for the record. */
export interface Asker {
  readonly judge: string;
  readonly system: string;
  readonly against?: string;
  readonly sampleId: string;
  readonly repeat: number;
}

/** What one judgement asks through. */
export interface JudgementAsking {
  readonly ask: Ask;
  /** Keys of the replies it got, in the order of its requests. */
  readonly keys: readonly string[];
  /** Call when the judgement ended, however it did. */
  end(): void;
}

/** What an engine's requests are kept by; absent where nothing new is asked. */
export interface Keeping {
  readonly store: RunStore;
  readonly ledger: Ledger;
  readonly events: Pick<RunEvents, "waiting" | "note">;
}

/**
 * Puts the requests of judges to one engine, each as it comes or, where the engine prefers that, all that wait together. A reply
 * is on disk before a judge reads it; the same request is asked once, in whatever sitting and either way, unless it is asked again
 * on purpose; a budget is looked at before anything is sent.
 */
export class Asking {
  private readonly known = new Map<string, ReplyRecord>();
  private readonly underWay = new Map<string, Promise<ReplyRecord>>();
  /** Keys of replies of this sitting. */
  private readonly fresh = new Set<string>();

  private readonly purse: Purse;
  private readonly together: AskingTogether | null;

  /**
   * @param replies all that were paid in the run so far; the last to a request counts
   * @param keeping null: nothing new is asked (JUDGE_REPLY_MISSING)
   */
  constructor(
    private readonly spec: JudgeEngineSpec,
    readonly engine: JudgeEngine,
    replies: readonly ReplyRecord[],
    private readonly keeping: Keeping | null,
    private readonly signal: AbortSignal,
  ) {
    this.purse = new Purse(spec, spec.prices ?? engine.prices);
    for (const record of replies) {
      if (record.engine === engine.identity) {
        this.know(record);
      } else if (record.judgeEngine === spec.id) {
        // Another model or other settings under this id: what it said is no reply any more, and was paid all the same.
        this.purse.pay(record);
      }
    }
    const askMany = engine.askMany?.bind(engine);
    const { known, purse } = this;
    this.together =
      askMany === undefined || keeping === null ? null : new AskingTogether({ ...keeping, askMany, known, purse });
  }

  /** Judgements that may be under way at once. All of them where their requests are put together. */
  get concurrency(): number {
    return this.together === null ? this.engine.concurrency : Number.POSITIVE_INFINITY;
  }

  /**
   * @param signal of the stage: ends waiting for replies that were asked together
   * @param again replies of earlier sittings do not count
   */
  of(asker: Asker, signal: AbortSignal, again = false): JudgementAsking {
    const keys: string[] = [];
    const work = this.together?.begin(signal);
    return {
      keys,
      ask: async (request) => {
        const key = replyKey(this.engine.identity, request, asker.repeat);
        keys.push(key);
        if (again && !this.fresh.has(key)) this.known.delete(key);
        const known = this.known.get(key);
        if (known !== undefined) {
          return known.reply;
        }
        const { reply } = await (work === undefined
          ? this.askOnce(key, request, asker)
          : work.wait(this.askOnce(key, request, asker)));
        return reply;
      },
      end: () => work?.end(),
    };
  }

  private know(record: ReplyRecord): void {
    this.known.set(record.key, record);
    this.purse.pay(record);
  }

  private askOnce(key: string, request: JudgeRequest, asker: Asker): Promise<ReplyRecord> {
    let asked = this.underWay.get(key);
    if (asked === undefined) {
      asked = this.ask(key, request, asker).finally(() => this.underWay.delete(key));
      this.underWay.set(key, asked);
    }
    return asked;
  }

  private async ask(key: string, request: JudgeRequest, asker: Asker): Promise<ReplyRecord> {
    const { keeping, together, engine } = this;
    const { repeat: time, ...named } = asker;
    if (keeping === null) {
      throw new UnshiftError(
        "JUDGE_REPLY_MISSING",
        `judge "${asker.judge}", system "${asker.system}", sample ${JSON.stringify(asker.sampleId)}: there is no reply to request "${request.id}"`,
        { hint: "Judge without `--reparse`: what is there is kept, and only what is missing is asked." },
      );
    }
    const repeat = time - 1;
    const started = performance.now();
    const keep = async (answered: { readonly reply: JudgeReply; readonly batch?: string }) => {
      const durationMs = performance.now() - started;
      const whose = { engine: engine.identity, judgeEngine: this.spec.id };
      const record: ReplyRecord = { key, ...named, ...whose, request, ...answered, durationMs };
      await keeping.store.appendReply(record);
      this.fresh.add(key);
      this.know(record);
      return record;
    };
    if (together !== null) {
      return together.ask(key, request, repeat, keep);
    }
    const release = await this.purse.reserve(request);
    try {
      return await keep({ reply: await engine.ask(request, { signal: this.signal, repeat }) });
    } finally {
      release();
    }
  }
}

/** Everything that changes a reply. */
export function replyKey(
  engine: string,
  { messages, schema, maxTokens, temperature }: JudgeRequest,
  repeat: number,
): string {
  return keyOf({ kind: "reply", engine, messages, schema: schema ?? null, maxTokens, temperature, repeat });
}
