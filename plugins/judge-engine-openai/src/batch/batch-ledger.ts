import { type Json, type Ledger, UnshiftError } from "@unshift/contracts";
import { isRecord } from "../endpoint-words.js";

/** A batch that was sent and not yet read to its end. */
export interface SentBatch {
  /** Id of the uploaded file. */
  readonly file: string;
  /** null: it is not known whether a batch was made of the file. */
  readonly batch: string | null;
  /** Requests whose replies it holds or will hold. */
  readonly keys: readonly string[];
}

/** What was sent, by the uploaded file's id; an entry is written before a batch is made of the file. */
export class BatchLedger {
  constructor(private readonly ledger: Ledger) {}

  sent(): SentBatch[] {
    return [...this.ledger.entries].map(([file, entry]) => sentBatch(file, entry));
  }

  async keep({ file, batch, keys }: SentBatch): Promise<void> {
    await this.ledger.write(file, { batch, keys });
  }

  async remove({ file }: Pick<SentBatch, "file">): Promise<void> {
    await this.ledger.write(file, null);
  }
}

function sentBatch(file: string, entry: Json): SentBatch {
  const { batch, keys } = isRecord(entry) ? entry : {};
  if ((batch !== null && typeof batch !== "string") || !Array.isArray(keys) || !keys.every(isText)) {
    throw new UnshiftError("RUN_CORRUPT", `ledger.jsonl of the run folder: the entry "${file}" is no batch`, {
      hint: "Restore the file. Without it, replies that were paid for and not yet read would be paid for again.",
    });
  }
  return { file, batch, keys };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
