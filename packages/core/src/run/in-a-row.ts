/** Counts how often the same fault comes one after another. */
export class InARow {
  private fault: string | null = null;
  private count = 0;

  /** @returns how often it came in a row, this time included */
  add(fault: string): number {
    this.count = fault === this.fault ? this.count + 1 : 1;
    this.fault = fault;
    return this.count;
  }

  end(): void {
    this.fault = null;
    this.count = 0;
  }
}
