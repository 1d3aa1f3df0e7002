import { UnshiftError } from "@unshift/contracts";

/** Counts the failed items of a stage. Throws TOO_MANY_FAILED at the first one above the limit. */
export class FailureLimit {
  private failed = 0;
  private first: string | null = null;

  /** @param most null: none is too many */
  constructor(
    private readonly most: number | null,
    private readonly stage: string,
  ) {}

  /** Call it when the failed item is stored. */
  add(reason: string): void {
    this.failed += 1;
    this.first ??= reason;
    if (this.most !== null && this.failed > this.most) {
      throw new UnshiftError(
        "TOO_MANY_FAILED",
        `${this.stage}: ${this.failed} ${this.failed === 1 ? "item" : "items"} failed, maxFailures is ${this.most}. The first: ${this.first}`,
        { hint: "What was finished is kept. Mend the cause, or raise `maxFailures`, and give the same command again." },
      );
    }
  }
}
