/** A judgement under way. */
export interface Work {
  /** Waits for a reply; meanwhile the judgement does nothing that others would have to wait for. */
  wait<Value>(reply: Promise<Value>): Promise<Value>;
  /** Call once, however the judgement ended. */
  end(): void;
}

/**
 * Says when every judgement under way waits for a reply: then no further request comes until one of those is answered, and all
 * that are there can be put together.
 */
export class Lull {
  private working = 0;
  private due = false;

  constructor(private readonly onLull: () => void) {}

  begin(): Work {
    this.working += 1;
    let waits = 0;
    let ended = false;
    return {
      wait: async (reply) => {
        waits += 1;
        if (waits === 1 && !ended) this.rest();
        try {
          return await reply;
        } finally {
          waits -= 1;
          if (waits === 0 && !ended) this.working += 1;
        }
      },
      end: () => {
        ended = true;
        if (waits === 0) this.rest();
      },
    };
  }

  /** Looks again, after something that may have kept a lull from being used. */
  look(): void {
    if (this.due) return;
    this.due = true;
    // A judge that asks several things at once does so within one turn of the event loop.
    setImmediate(() => {
      this.due = false;
      if (this.working === 0) this.onLull();
    });
  }

  private rest(): void {
    this.working -= 1;
    this.look();
  }
}
