import type { RunStore } from "@unshift/contracts/services";
import type { RunServices } from "./run-services.js";

/** The run's log: lines go to whoever shows them and, once the folder is open, into its `log.jsonl`; earlier ones follow. */
export class RunLog {
  private readonly waiting: { level: string; message: string; at: string }[] = [];
  private store: RunStore | undefined;

  constructor(private readonly services: RunServices) {}

  readonly write: RunServices["log"] = (level, message) => {
    this.services.log(level, message);
    const line = { at: this.services.now().toISOString(), level, message };
    if (this.store === undefined) {
      this.waiting.push(line);
    } else {
      this.store.log(line);
    }
  };

  attach(store: RunStore): void {
    this.store = store;
    for (const line of this.waiting.splice(0)) {
      store.log(line);
    }
  }
}
