import { type Ask, type JudgeEngine, type JudgeReply, type JudgeRequest, UnshiftError } from "@unshift/contracts";
import type { ReplyRecord, RunStore } from "@unshift/contracts/services";
import type { JudgeEngineSpec } from "../config/experiment.js";
import { keyOf } from "./key.js";

/** Whose request it is, for the record. */
export interface Asker {
  readonly judge: string;
  readonly system: string;
  readonly against?: string;
  readonly sampleId: string;
  readonly repeat: number;
}

/** What a judge engine has been paid, all sittings together. */
export interface Spending {
  readonly requests: number;
  readonly promptTokens: number;
  readonly replyTokens: number;
  /** In the currency of the prices; null where nobody said what a token costs. */
  readonly money: number | null;
}

/**
 * Puts the requests of judges to one engine. A reply is on disk before a judge reads it; the same request is asked once, in
 * whatever sitting; a budget is looked at before each request, so those under way when it runs out still end.
 */
export class Asking {
  private readonly known = new Map<string, ReplyRecord>();
  private readonly underWay = new Map<string, Promise<ReplyRecord>>();

  /**
   * @param replies those of the run so far
   * @param store where new ones are kept; null: nothing new is asked (JUDGE_REPLY_MISSING)
   */
  constructor(
    private readonly spec: JudgeEngineSpec,
    readonly engine: JudgeEngine,
    replies: readonly ReplyRecord[],
    private readonly store: RunStore | null,
    private readonly signal: AbortSignal,
  ) {
    for (const record of replies) {
      if (record.engine === engine.identity) {
        this.known.set(record.key, record);
      }
    }
  }

  /** What one judgement asks through, and the keys of the replies it got, in the order of its requests. */
  of(asker: Asker): { readonly ask: Ask; readonly keys: string[] } {
    const keys: string[] = [];
    return {
      keys,
      ask: async (request) => {
        const key = replyKey(this.engine.identity, request, asker.repeat);
        keys.push(key);
        return this.reply(key, request, asker);
      },
    };
  }

  private async reply(key: string, request: JudgeRequest, asker: Asker): Promise<JudgeReply> {
    const known = this.known.get(key);
    if (known !== undefined) {
      return known.reply;
    }
    let asked = this.underWay.get(key);
    if (asked === undefined) {
      asked = this.ask(key, request, asker).finally(() => this.underWay.delete(key));
      this.underWay.set(key, asked);
    }
    return (await asked).reply;
  }

  private async ask(key: string, request: JudgeRequest, asker: Asker): Promise<ReplyRecord> {
    const { repeat, ...named } = asker;
    if (this.store === null) {
      throw new UnshiftError(
        "JUDGE_REPLY_MISSING",
        `judge "${asker.judge}", system "${asker.system}", sample ${JSON.stringify(asker.sampleId)}: there is no reply to request "${request.id}"`,
        { hint: "Judge without `--reparse`: what is there is kept, and only what is missing is asked." },
      );
    }
    this.requireBudget();
    const started = performance.now();
    const reply = await this.engine.ask(request, { signal: this.signal, repeat: repeat - 1 });
    const durationMs = performance.now() - started;
    const record: ReplyRecord = { key, ...named, engine: this.engine.identity, request, reply, durationMs };
    await this.store.appendReply(record);
    this.known.set(key, record);
    return record;
  }

  spending(): Spending {
    const tokens = [...this.known.values()].map(tokensOf);
    const promptTokens = tokens.reduce((sum, { prompt }) => sum + prompt, 0);
    const replyTokens = tokens.reduce((sum, { reply }) => sum + reply, 0);
    const prices = this.spec.prices ?? this.engine.prices;
    const money = prices === null ? null : (promptTokens * prices.prompt + replyTokens * prices.reply) / 1e6;
    return { requests: this.known.size, promptTokens, replyTokens, money };
  }

  private requireBudget(): void {
    const { tokens, money } = this.spec.budget;
    if (tokens === null && money === null) {
      return;
    }
    const spent = this.spending();
    const used = spent.promptTokens + spent.replyTokens;
    const over =
      tokens !== null && used >= tokens
        ? `${used} of ${tokens} tokens`
        : money !== null && spent.money !== null && spent.money >= money
          ? `${spent.money.toFixed(4)} of ${money}`
          : null;
    if (over !== null) {
      throw new UnshiftError(
        "JUDGE_BUDGET",
        `judge engine "${this.spec.id}": its budget is spent: ${over}, in ${spent.requests} requests`,
        { hint: "All replies are kept. Raise `budget` and give the same command again; nothing is paid twice." },
      );
    }
  }
}

/** What a request used. Where the engine does not say, what a tokenizer would make of it: a token for every four bytes. */
function tokensOf({ request, reply }: ReplyRecord): { readonly prompt: number; readonly reply: number } {
  if (reply.tokens !== null) {
    return reply.tokens;
  }
  const written = request.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  const read = reply.ended === "withheld" ? 0 : Buffer.byteLength(reply.text);
  return { prompt: Math.ceil(written / 4), reply: Math.ceil(read / 4) };
}

/** Everything that changes a reply. */
function replyKey(engine: string, { messages, schema, maxTokens, temperature }: JudgeRequest, repeat: number): string {
  return keyOf({ kind: "reply", engine, messages, schema: schema ?? null, maxTokens, temperature, repeat });
}
