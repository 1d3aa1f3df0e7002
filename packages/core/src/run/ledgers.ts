import type { Json, Ledger } from "@unshift/contracts";
import type { LedgerRecord, RunStore } from "@unshift/contracts/services";

/** The ledgers of a run's judge engines, one for each identity: engines that ask the same thing find each other's batches. */
export class Ledgers {
  private readonly byEngine = new Map<string, Map<string, Json>>();

  constructor(
    records: readonly LedgerRecord[],
    private readonly store: RunStore,
  ) {
    for (const { engine, name, value } of records) {
      if (value !== null) {
        this.entriesOf(engine).set(name, value);
      }
    }
  }

  of(engine: string): Ledger {
    const entries = this.entriesOf(engine);
    return {
      entries,
      write: async (name, value) => {
        await this.store.appendLedger({ engine, name, value });
        if (value === null) entries.delete(name);
        else entries.set(name, value);
      },
    };
  }

  private entriesOf(engine: string): Map<string, Json> {
    const entries = this.byEngine.get(engine) ?? new Map<string, Json>();
    this.byEngine.set(engine, entries);
    return entries;
  }
}
