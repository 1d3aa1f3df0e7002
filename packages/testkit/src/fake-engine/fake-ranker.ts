import { createHash } from "node:crypto";
import { type RankerScores, UnshiftError } from "@unshift/contracts";
import type { OpenRanker } from "@unshift/contracts/services";
import type { FakeCalls } from "./fake-calls.js";
import { hashText } from "./fake-distribution.js";
import type { FakeEngineOptions } from "./fake-options.js";
import { pause } from "./pause.js";

/**
 * Scores without weights: a label's score is between −2 and 2 by a hash of path, label, question and answer. Characters count as
 * tokens; of question and answer together 2,000 are read.
 */
export class FakeRanker implements OpenRanker {
  readonly identity: string;
  readonly maxTokens = 2000;
  #disposed = false;

  constructor(
    private readonly path: string,
    readonly labels: readonly string[],
    engine: string,
    private readonly options: FakeEngineOptions,
    private readonly calls: FakeCalls,
  ) {
    this.identity = createHash("sha256")
      .update(JSON.stringify([path, labels, "rank", engine]))
      .digest("hex");
  }

  async score(
    pairs: Parameters<OpenRanker["score"]>[0],
    { signal }: Parameters<OpenRanker["score"]>[1],
  ): Promise<RankerScores> {
    const rows = new Float32Array(pairs.length * this.labels.length);
    let truncated = 0;
    await pause(0, signal);
    for (const [index, { question, answer }] of pairs.entries()) {
      if (this.#disposed) throw new UnshiftError("NATIVE_DISPOSED", "the ranker was used after it was closed");
      if (this.options.delayMs !== undefined) await pause(this.options.delayMs, signal);
      const room = this.maxTokens - (question?.length ?? 0);
      if (room < 0) throw new UnshiftError("CONTEXT_TOO_SMALL", "the question leaves no room for an answer");
      if (answer.length > room) truncated += 1;
      const read = answer.slice(0, room);
      for (const [at, label] of this.labels.entries()) {
        const hash = hashText(JSON.stringify([this.path, label, question, read]));
        rows[index * this.labels.length + at] = (hash / 2 ** 32) * 4 - 2;
      }
      this.calls.ranked.push({ path: this.path, question, answer });
      if (signal.aborted) throw new UnshiftError("ABORTED", "interrupted");
    }
    return { rows, truncated };
  }

  async dispose(): Promise<void> {
    if (!this.#disposed) this.calls.disposed.push(this.path);
    this.#disposed = true;
  }
}
