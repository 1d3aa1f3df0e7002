import { createHash } from "node:crypto";
import { type RankedPair, type RankerScores, UnshiftError } from "@unshift/contracts";
import type { OpenRanker, RankerRequest } from "@unshift/contracts/services";
import type { Model, Ranker } from "@unshift/native";
import { coded } from "./native-error.js";
import { PairForm } from "./pair-form.js";

type Native = typeof import("@unshift/native");

/** Scores by a GGUF model's classifier head, one pair a decode. Calls wait for each other. */
export class LlamaRanker implements OpenRanker {
  readonly identity: string;
  readonly labels: readonly string[];
  readonly maxTokens: number;
  private readonly form: PairForm;
  private last: Promise<unknown> = Promise.resolve();

  /** @param engine the engine's identity */
  constructor(
    private readonly model: Model,
    private readonly native: Ranker,
    fileHash: string,
    engine: string,
  ) {
    this.labels = native.labels.map((label) => (label === "" ? "score" : label));
    this.maxTokens = native.maxTokens;
    this.form = new PairForm(model);
    this.identity = createHash("sha256")
      .update(JSON.stringify([fileHash, "rank", this.maxTokens, engine]))
      .digest("hex");
  }

  score(pairs: readonly RankedPair[], options: { readonly signal: AbortSignal }): Promise<RankerScores> {
    const turn = this.last.then(() => coded(() => this.run(pairs, options)));
    // The caller hears of a failure through `turn`; whoever is next only waits for the end.
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async run(pairs: readonly RankedPair[], { signal }: { readonly signal: AbortSignal }): Promise<RankerScores> {
    let truncated = 0;
    const texts = pairs.map((pair) => {
      const fitted = this.form.fitted(pair, this.maxTokens);
      if (fitted === null) {
        throw new UnshiftError(
          "CONTEXT_TOO_SMALL",
          `the question leaves no room for an answer: the ranker reads ${this.maxTokens} tokens`,
        );
      }
      truncated += fitted.cut ? 1 : 0;
      return fitted.ids;
    });
    const { rows } = await this.native.score(texts, { signal });
    return { rows, truncated };
  }

  /** Waits for what is under way. Idempotent. */
  async dispose(): Promise<void> {
    await this.last;
    this.native.dispose();
    this.model.dispose();
  }
}

/** A ranker that opens its model and closes it again. */
export async function openRanker(
  native: Native,
  { path, gpuLayers, threads }: RankerRequest,
  engine: string,
  signal: AbortSignal,
): Promise<LlamaRanker> {
  const model = await coded(() => native.loadModel(path, { signal, ...(gpuLayers === null ? {} : { gpuLayers }) }));
  let ranker: Ranker | undefined;
  try {
    ranker = await coded(() => model.createRanker(threads === null ? {} : { threads }));
    const fileHash = await coded(() => model.fileHash({ signal }));
    return new LlamaRanker(model, ranker, fileHash, engine);
  } catch (error) {
    ranker?.dispose();
    model.dispose();
    throw error;
  }
}
