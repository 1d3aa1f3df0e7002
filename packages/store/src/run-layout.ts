import { join } from "node:path";

/** Paths of a run folder. */
export function layoutOf(folder: string) {
  return {
    samples: join(folder, "samples.jsonl"),
    answers: join(folder, "answers.jsonl"),
    verdicts: join(folder, "verdicts.jsonl"),
    replies: join(folder, "replies.jsonl"),
    ledger: join(folder, "ledger.jsonl"),
    comparisons: join(folder, "comparisons.jsonl"),
    log: join(folder, "log.jsonl"),
    vocabularies: join(folder, "vocabularies"),
    positions: join(folder, "positions"),
    tables: join(folder, "tables"),
    report: join(folder, "report"),
  } as const;
}

export type RunLayout = ReturnType<typeof layoutOf>;
