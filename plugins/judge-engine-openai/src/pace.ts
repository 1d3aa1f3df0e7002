/** What may begin within one window of time. null: any number. */
export interface PaceLimits {
  readonly requests: number | null;
  readonly tokens: number | null;
  readonly windowMs: number;
}

/** Time, so that a test can be faster than a minute. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  /** Ends after `ms`, or as soon as one of the signals is aborted; never throws. */
  pause(ms: number, signals: readonly AbortSignal[]): Promise<void>;
}

/** A request that was let in. */
interface Admission {
  readonly at: number;
  tokens: number;
}

/**
 * Lets requests in, first come first served, so that no window of time holds more requests or tokens than allowed, and none while
 * the endpoint asks everybody to wait. Tokens are reserved before they are counted: a request reserves what it may use at most,
 * and gives the rest back when its reply says what it was.
 */
export class Pace {
  private admitted: Admission[] = [];
  private heldUntil = Number.NEGATIVE_INFINITY;
  private last: Promise<unknown> = Promise.resolve();
  private changed = new AbortController();

  constructor(
    private readonly limits: PaceLimits,
    private readonly clock: Clock = realClock,
  ) {}

  /**
   * Waits for room.
   *
   * @param tokens what the request may use at most; one larger than the limit is let in alone
   * @throws the signal's reason
   */
  admit(tokens: number, signal: AbortSignal): Promise<Admission> {
    const admission = this.last.then(() => this.waitForRoom(tokens, signal));
    this.last = admission.catch(() => undefined);
    return admission;
  }

  /** The reply says what a request really used. */
  settle(admission: Admission, tokens: number): void {
    admission.tokens = tokens;
    this.changed.abort();
  }

  /** Nobody is let in for so long. */
  hold(ms: number): void {
    this.heldUntil = Math.max(this.heldUntil, this.clock.now() + ms);
  }

  private async waitForRoom(tokens: number, signal: AbortSignal): Promise<Admission> {
    for (;;) {
      signal.throwIfAborted();
      const now = this.clock.now();
      const free = Math.max(this.heldUntil, this.freeAt(tokens, now));
      if (free <= now) {
        const admission = { at: now, tokens };
        this.admitted.push(admission);
        return admission;
      }
      this.changed = new AbortController();
      await this.clock.pause(free - now, [signal, this.changed.signal]);
    }
  }

  /** When the windows have room, if nothing changes before. */
  private freeAt(tokens: number, now: number): number {
    const { requests, tokens: most, windowMs } = this.limits;
    if (requests === null && most === null) {
      this.admitted = [];
      return now;
    }
    this.admitted = this.admitted.filter(({ at }) => at + windowMs > now);
    let count = this.admitted.length;
    let used = this.admitted.reduce((sum, admission) => sum + admission.tokens, 0);
    let free = now;
    for (const admission of this.admitted) {
      const fits = (requests === null || count < requests) && (most === null || used + tokens <= most);
      if (fits) break;
      free = admission.at + windowMs;
      count -= 1;
      used -= admission.tokens;
    }
    return free;
  }
}

const realClock: Clock = {
  now: () => performance.now(),
  pause: (ms, signals) =>
    new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener("abort", end);
        resolve();
      };
      // A timer may fire a little early by the clock that is read here; the caller looks again.
      const timer = setTimeout(end, Math.ceil(ms));
      for (const signal of signals) signal.addEventListener("abort", end, { once: true });
    }),
};
