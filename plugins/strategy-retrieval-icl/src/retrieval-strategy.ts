import {
  fencedChat,
  fencedStopAlways,
  fencedStops,
  fencedTrimEnd,
  instructionOf,
  type JsonObject,
  type ModelView,
  type PluginContext,
  type Preparation,
  type Prompt,
  releasedCleaning,
  releasedStops,
  type Sample,
  type Strategy,
  UnshiftError,
} from "@unshift/contracts";
import type { Corpus } from "./corpus/corpus.js";
import { type Demonstration, demonstrationOf, type Frame, framed } from "./demonstrations.js";
import { type IndexRequest, type OpenIndex, openIndex } from "./open-index.js";
import type { RetrievalOptions } from "./options.js";

const exactEnding = {
  stop: fencedStops,
  trimEnd: fencedTrimEnd,
  codeBlocks: true,
  stopAlways: fencedStopAlways,
} as const;
const releasedEnding = { stop: releasedStops, trimEnd: [] } as const;

/**
 * In-context learning with the K examples of a corpus that are most like the question (arXiv 2312.01552, §2: retrieval ICL), the
 * nearest one last, next to it. What asks the same as the sample, or as an earlier turn of it, and what is held out is never shown.
 */
export class RetrievalStrategy implements Strategy {
  readonly #options: RetrievalOptions;
  readonly #corpus: Corpus;
  readonly #context: Pick<PluginContext, "resolvePath" | "log">;
  readonly #frame: Frame;
  /** By name of the model prepared for. */
  readonly #open = new Map<string, OpenIndex>();
  #told = false;
  readonly extract?: NonNullable<Strategy["extract"]>;

  /** @throws EXAMPLES_TOO_FEW */
  constructor(options: RetrievalOptions, corpus: Corpus, context: Pick<PluginContext, "resolvePath" | "log">) {
    this.#options = options;
    this.#corpus = corpus;
    this.#context = context;
    this.#frame = { system: options.system ?? "", separator: options.separator };
    if (options.k > corpus.available) throw this.#tooFew(corpus.available, "");
    if (options.cleaning === "urial-compat") this.extract = ({ text }) => releasedCleaning(text);
  }

  /** @throws CONTEXT_TOO_SMALL where no prompt can ever fit; ABORTED, EMBEDDING_…, MODEL_…, HUB_…, RUN_NO_SPACE */
  async prepare(model: ModelView, work: Preparation): Promise<void> {
    this.#requireRoom(model);
    this.#tellOnce(work);
    if (this.#open.has(model.name)) return;
    const { embedder } = this.#options;
    // A model of one's own is the same for all systems; only the system's own model asks for an index each.
    const shared = embedder === "system" && this.#options.index !== "bm25" ? undefined : [...this.#open.values()][0];
    const open =
      shared ?? (await openIndex(this.#corpus, this.#request(), work, (message) => this.#note(work, message)));
    this.#open.set(model.name, open);
  }

  /**
   * @throws EXAMPLES_TOO_FEW where too few are left beside the sample itself, CONTEXT_TOO_SMALL where the prompt does not fit,
   * STRATEGY_FAILED before `prepare`
   */
  async build(sample: Sample, model: ModelView): Promise<Prompt> {
    const open = this.#open.get(model.name);
    if (open === undefined)
      throw new UnshiftError("STRATEGY_FAILED", `retrieval-icl was not prepared for model "${model.name}"`, {
        hint: "Call `prepare` before the first `build`: it makes the index.",
      });
    const { k, maxWords } = this.#options;
    const own = this.#rowsAskedIn(sample);
    const left = this.#corpus.available - [...own].filter((row) => !this.#corpus.isHeldOut(row)).length;
    if (k > left) throw this.#tooFew(left, " beside the question itself");
    const nearest = await open.index.search(
      instructionOf(sample),
      k,
      (row) => own.has(row) || this.#corpus.isHeldOut(row),
    );
    const examples = await open.documents.read(nearest.map(({ row }) => row));
    const found = examples.map((example, at) => demonstrationOf(example, nearest[at]?.score ?? 0, maxWords)).reverse();
    const excluded = (await open.documents.read([...own])).map(({ id }) => id);
    const shown = this.#withinBudget(found, model);
    const text = framed(this.#frame, shown, fencedChat(sample.messages));
    this.#requireFit(text, shown, model);
    const { system } = this.#frame;
    return {
      text,
      parseSpecial: false,
      bos: "auto",
      staticChars: system === "" ? 0 : system.length + 1,
      ...(this.#options.cleaning === "urial-compat" ? releasedEnding : exactEnding),
      provenance: this.#provenance(open, shown, found.length - shown.length, excluded, model),
    };
  }

  #request(): IndexRequest {
    const { index, embedder, pooling, bm25 } = this.#options;
    const isRemote = embedder.startsWith("hf:") || embedder.startsWith("builtin:");
    const path = isRemote ? embedder : this.#context.resolvePath(embedder);
    return { kind: index, pooling, bm25, embedder: embedder === "system" ? { model: "system" } : { path } };
  }

  /** What is wrong with every prompt is told before an index is made. */
  #requireRoom(model: ModelView): void {
    const { k, tokenBudget } = this.#options;
    const has = `the context of model "${model.name}" has ${model.contextSize}`;
    if (tokenBudget !== undefined) {
      if (tokenBudget > model.contextSize) throw tooSmall(`tokenBudget is ${tokenBudget} tokens, ${has}`);
      return;
    }
    const blank = demonstrationOf({ id: "", instruction: "", output: "" }, 0, 1);
    const tokens = model.countTokens(framed(this.#frame, new Array<Demonstration>(k).fill(blank), fencedChat([])));
    if (tokens >= model.contextSize)
      throw tooSmall(`k: ${k}: the headings and fences of so many examples alone have ${tokens} tokens, ${has}`);
  }

  #tellOnce(work: Preparation): void {
    if (this.#told) return;
    this.#told = true;
    const { empty, duplicate, withInput } = this.#corpus.leftOut;
    if (empty + duplicate + withInput > 0) work.note(this.#corpus.counts());
    const unknown = this.#corpus.unknownHoldOuts;
    if (unknown.length > 0) {
      const some = unknown.slice(0, 5).map((id) => JSON.stringify(id));
      this.#note(
        work,
        `of the ids of \`exclude\`, ${unknown.length} are not in the corpus ${this.#corpus.name}: ${some.join(", ")}${unknown.length > 5 ? ", …" : ""}`,
      );
    }
  }

  #note(work: Preparation, message: string): void {
    work.note(message);
    this.#context.log("info", message);
  }

  /** Of the sample's questions those that the corpus asks too. */
  #rowsAskedIn(sample: Sample): ReadonlySet<number> {
    const asked = sample.messages.filter(({ role }) => role === "user");
    return new Set(asked.map(({ content }) => this.#corpus.rowOf(content)).filter((row) => row >= 0));
  }

  /** Without the farthest ones, which come first, until system text and examples are within the budget. */
  #withinBudget(found: readonly Demonstration[], model: ModelView): readonly Demonstration[] {
    const { tokenBudget } = this.#options;
    if (tokenBudget === undefined) return found;
    for (let from = 0; from < found.length; from += 1) {
      const shown = found.slice(from);
      if (model.countTokens(framed(this.#frame, shown, "")) <= tokenBudget) return shown;
    }
    const tokens = model.countTokens(framed(this.#frame, found.slice(-1), ""));
    throw tooSmall(
      `the nearest example alone has ${tokens} tokens with what stands before it, tokenBudget is ${tokenBudget}`,
    );
  }

  #requireFit(text: string, shown: readonly Demonstration[], model: ModelView): void {
    const tokens = model.countTokens(text);
    if (tokens < model.contextSize) return;
    throw tooSmall(
      `k: ${this.#options.k}: with ${shown.length} examples the prompt has ${tokens} tokens, the context of model "${model.name}" ${model.contextSize}`,
    );
  }

  #tooFew(there: number, beside: string): UnshiftError {
    return new UnshiftError(
      "EXAMPLES_TOO_FEW",
      `${this.#options.k} examples are asked for, and ${there} can be shown${beside}: ${this.#corpus.counts()}`,
      { hint: "Lower `k`, or take a larger corpus." },
    );
  }

  #provenance(
    { index }: OpenIndex,
    shown: readonly Demonstration[],
    leftOut: number,
    excluded: readonly string[],
    model: ModelView,
  ): JsonObject {
    const { k, maxWords, separator, tokenBudget, system, cleaning } = this.#options;
    return {
      format: "fenced",
      k,
      index: index.provenance,
      corpus: this.#corpus.provenance(),
      demonstrations: shown.map(({ id, score, cut }) => ({ id, score: Number(score.toFixed(6)), cut })),
      maxWords,
      separator,
      exampleTokens: model.countTokens(framed(this.#frame, shown, "")),
      ...(tokenBudget === undefined ? {} : { tokenBudget, leftOutForBudget: leftOut }),
      ...(excluded.length > 0 ? { excludedIds: excluded } : {}),
      ...(system === undefined || system === "" ? {} : { system }),
      ...(cleaning === "urial-compat" ? { cleaning } : {}),
    };
  }
}

function tooSmall(message: string): UnshiftError {
  return new UnshiftError("CONTEXT_TOO_SMALL", message, {
    hint: "Lower `k` or `maxWords`, give a `tokenBudget` that leaves the farthest examples out, or raise `models.ID.contextSize` up to what the model was trained for.",
  });
}
