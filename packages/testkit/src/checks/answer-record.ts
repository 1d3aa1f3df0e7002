import type { AnsweredRecord } from "@unshift/contracts";

/** An answer record with this text, for tests of judges. */
export function answerRecord(text: string, change: Partial<AnsweredRecord> = {}): AnsweredRecord {
  return {
    status: "answered",
    key: "test",
    system: "system",
    sampleId: "sample",
    prompt: { text: "", ids: [], prefixLength: 0, provenance: {} },
    ids: [],
    rawIds: [],
    text,
    raw: text,
    finishReason: "eos",
    stop: null,
    durationMs: 0,
    ...change,
  };
}
