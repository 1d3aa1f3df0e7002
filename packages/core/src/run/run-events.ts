export type Stage = "open" | "prepare" | "answer" | "score" | "judge" | "analyse" | "report";

/** What a run tells while it goes on. The cli draws it; nothing depends on it. */
export interface RunEvents {
  /** A stage begins: items in all, and how many of them are there already. */
  stage(stage: Stage, label: string, total: number, cached: number): void;
  /** One more item of the current stage has ended. */
  tick(outcome: "done" | "skipped" | "failed"): void;
  /** Share of a model that is loaded, 0–1. */
  loading(model: string, share: number): void;
  /** How far the work before a strategy's first prompt is. */
  progress(label: string, done: number, total: number): void;
  /** What the current stage waits for meanwhile: batches at an endpoint. */
  waiting(what: string): void;
  /** Something people should know: a limited dataset, vocabularies that only overlap, a sample that failed. */
  note(message: string): void;
}

export const silentEvents: RunEvents = {
  stage() {},
  tick() {},
  loading() {},
  progress() {},
  waiting() {},
  note() {},
};
