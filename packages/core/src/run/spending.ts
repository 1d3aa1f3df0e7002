import { type JudgeRequest, mostTokens, type TokenPrices, UnshiftError } from "@unshift/contracts";
import type { ReplyRecord } from "@unshift/contracts/services";
import type { JudgeEngineSpec } from "../config/experiment.js";
import { priceOf } from "./price-of.js";
import { tokensOf } from "./tokens-of.js";

/** What requests cost. */
interface Spending {
  readonly requests: number;
  readonly tokens: number;
  /** In the currency of the prices; null where nobody said what a token costs. */
  readonly money: number | null;
}

/** Watches the budget of one judge engine. */
export class Purse {
  private requests = 0;
  private tokens = 0;
  private money = 0;
  private readonly underWay = new Set<JudgeRequest>();
  private waiting: (() => void)[] = [];

  constructor(
    private readonly spec: Pick<JudgeEngineSpec, "id" | "budget">,
    private readonly prices: TokenPrices | null,
  ) {}

  /** Call once for every reply, of earlier sittings too. */
  pay(record: ReplyRecord): void {
    const used = tokensOf(record);
    this.requests += 1;
    this.tokens += used.prompt + used.reply;
    this.money += this.cost(used, record.batch !== undefined);
  }

  /**
   * Before one request: reckons with what those under way may cost, and where the rest may not be enough, waits for what they did
   * cost. One that is alone is let in while anything is left, so the budget is passed by at most one request.
   *
   * @returns gives back what was reserved; call when the request ended and its reply is paid
   */
  async reserve(request: JudgeRequest): Promise<() => void> {
    if (this.unlimited) {
      return () => undefined;
    }
    for (;;) {
      this.requireSome();
      if (this.underWay.size === 0 || this.fits(request)) break;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    // Another judge may send the very same object.
    const own = { ...request };
    this.underWay.add(own);
    return () => {
      this.underWay.delete(own);
      const { waiting } = this;
      this.waiting = [];
      for (const look of waiting) look();
    };
  }

  private fits(request: JudgeRequest): boolean {
    const { tokens, money } = this.spec.budget;
    const promised = this.atMost([...this.underWay, request], false);
    return (
      (tokens === null || this.tokens + promised.tokens <= tokens) &&
      (money === null || this.money + (promised.money ?? 0) <= money)
    );
  }

  private requireSome(): void {
    const spent = this.spending();
    const { tokens, money } = this.spec.budget;
    const over =
      tokens !== null && spent.tokens >= tokens
        ? `${spent.tokens} of ${tokens} tokens`
        : money !== null && spent.money !== null && spent.money >= money
          ? `${shown(spent.money)} of ${money}`
          : null;
    if (over !== null) {
      throw new UnshiftError(
        "JUDGE_BUDGET",
        `judge engine "${this.spec.id}": its budget is spent: ${over}, in ${spent.requests} requests`,
        { hint: "All replies are kept. Raise `budget` and give the same command again; nothing is paid twice." },
      );
    }
  }

  /**
   * Before a batch, which cannot be stopped half-way: what it may use at most must be left.
   *
   * @param batch the requests about to be sent
   * @param underWay those that were sent and have no reply yet
   */
  requireFor(batch: readonly JudgeRequest[], underWay: readonly JudgeRequest[]): void {
    if (this.unlimited) {
      return;
    }
    const { tokens, money } = this.spec.budget;
    const spent = this.spending();
    const promised = this.atMost(underWay, true);
    const wanted = this.atMost(batch, true);
    const over =
      tokens !== null && spent.tokens + promised.tokens + wanted.tokens > tokens
        ? `${wanted.tokens} tokens, and of ${tokens} are ${spent.tokens} spent and ${promised.tokens} promised`
        : money !== null && (spent.money ?? 0) + (promised.money ?? 0) + (wanted.money ?? 0) > money
          ? `${shown(wanted.money)}, and of ${money} are ${shown(spent.money)} spent and ${shown(promised.money)} promised`
          : null;
    if (over !== null) {
      throw new UnshiftError(
        "JUDGE_BUDGET",
        `judge engine "${this.spec.id}": a batch of ${batch.length} requests may cost up to ${over}`,
        {
          hint: "The longest replies are reckoned with. All replies are kept: raise `budget`, or make smaller batches (`batch.maxRequests`), and give the same command again.",
        },
      );
    }
  }

  private get unlimited(): boolean {
    return this.spec.budget.tokens === null && this.spec.budget.money === null;
  }

  private spending(): Spending {
    const { requests, tokens, money } = this;
    return { requests, tokens, money: this.prices === null ? null : money };
  }

  private atMost(requests: readonly JudgeRequest[], batch: boolean): Spending {
    let [tokens, money] = [0, 0];
    for (const request of requests) {
      const most = mostTokens(request);
      tokens += most.prompt + most.reply;
      money += this.cost(most, batch);
    }
    return { requests: requests.length, tokens, money: this.prices === null ? null : money };
  }

  /** 0 where nobody said what a token costs. */
  private cost(used: { readonly prompt: number; readonly reply: number }, batch: boolean): number {
    return this.prices === null ? 0 : priceOf(used, this.prices, batch);
  }
}

/** Four decimals, and more where these would hide what a small sum is. */
function shown(money: number | null): string {
  const sum = money ?? 0;
  return sum.toFixed(sum > 0 && sum < 0.1 ? Math.min(20, 3 - Math.floor(Math.log10(sum))) : 4);
}
