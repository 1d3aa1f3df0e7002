import {
  type Cleaning,
  type Example,
  fencedChat,
  fencedStopAlways,
  fencedStops,
  fencedTrimEnd,
  type JsonObject,
  type ModelView,
  normalisedInstruction,
  type Prompt,
  releasedCleaning,
  releasedStops,
  type Sample,
  type Strategy,
  UnshiftError,
} from "@unshift/contracts";
import { type Demonstration, demonstrationOf, joined } from "./demonstration.js";
import type { ExampleSet, ExampleSource } from "./example.js";
import { fewestFor, type Labels } from "./labels.js";
import { largestFit } from "./largest-fit.js";
import { shuffled } from "./random.js";

export interface IclOptions {
  /** `max`: as many as fit in the token budget. */
  readonly k: number | "max";
  /** As the user wrote it. */
  readonly examples: ExampleSource;
  readonly order: "given" | "shuffled";
  readonly seed: number;
  readonly labels: Labels;
  /** Tokens that system text and examples may have together, without BOS. */
  readonly tokenBudget?: number | undefined;
  readonly system?: string | undefined;
  readonly cleaning?: Cleaning | undefined;
}

/** What every question opens with; all samples share it. */
const opening = "\n# Query:\n```\n";

const exactEnding = {
  stop: fencedStops,
  trimEnd: fencedTrimEnd,
  codeBlocks: true,
  stopAlways: fencedStopAlways,
} as const;
const releasedEnding = { stop: releasedStops, trimEnd: [] } as const;

interface Chosen extends Demonstration {
  readonly tokens: number;
}

/**
 * In-context learning with K plain examples, the same for every question (arXiv 2312.01552, §3: vanilla ICL), up to as many as
 * fit. The first K of the examples' order are shown, the last one next to the question. An example that asks what the sample asks
 * is never shown; the next one takes its place.
 */
export class IclStrategy implements Strategy {
  readonly #options: IclOptions;
  readonly #system: string;
  readonly #set: ExampleSet;
  readonly #name: string;
  readonly #pool: readonly Example[];
  readonly #idByQuestion: ReadonlyMap<string, string>;
  /** What a model gets without exclusions: holds what any build would compute again. */
  readonly #usual = new WeakMap<ModelView, Chosen>();
  readonly extract?: NonNullable<Strategy["extract"]>;

  /** @throws PLUGIN_OPTIONS, EXAMPLES_TOO_FEW */
  constructor(options: IclOptions, set: ExampleSet) {
    const { k, labels, order, seed } = options;
    this.#options = options;
    this.#system = options.system ?? "";
    this.#set = set;
    this.#name = nameOf(options.examples);
    this.#pool = order === "shuffled" ? shuffled(set.examples, seed) : set.examples;
    this.#idByQuestion = new Map(set.examples.map(({ id, instruction }) => [normalisedInstruction(instruction), id]));
    const fewest = fewestFor(labels);
    if (k !== "max" && k < fewest) {
      throw new UnshiftError(
        "PLUGIN_OPTIONS",
        `labels: ${labels} exchanges answers, so k must be at least ${fewest}, found ${k}`,
      );
    }
    if (k === "max" && set.examples.length < Math.max(1, fewest))
      throw this.#tooFew(Math.max(1, fewest), set.examples.length, "");
    if (k !== "max" && k > set.examples.length) throw this.#tooFew(k, set.examples.length, "");
    if (options.cleaning === "urial-compat") this.extract = ({ text }) => releasedCleaning(text);
  }

  /** @throws CONTEXT_TOO_SMALL where the examples do not fit the model or the budget: before any answer, not at each sample */
  async prepare(model: ModelView): Promise<void> {
    this.#usualFor(model);
  }

  /** @throws CONTEXT_TOO_SMALL where the examples do not fit, EXAMPLES_TOO_FEW where too few are left beside the sample itself */
  build(sample: Sample, model: ModelView): Prompt {
    const usual = this.#usualFor(model);
    const own = this.#idsAskedIn(sample);
    const excluded = usual.shown.filter(({ id }) => own.has(id)).map(({ id }) => id);
    const chosen = excluded.length === 0 ? usual : this.#choose(own, model);
    const begins = sample.messages[0]?.role === "user" ? opening : "";
    const shared = excluded.length === 0 ? chosen.blocks.length : leading(chosen.blocks, usual.blocks);
    return {
      text: joined(this.#system, chosen.blocks, fencedChat(sample.messages)),
      parseSpecial: false,
      bos: "auto",
      staticChars: joined(this.#system, chosen.blocks.slice(0, shared), excluded.length === 0 ? begins : "").length,
      ...(this.#options.cleaning === "urial-compat" ? releasedEnding : exactEnding),
      provenance: this.#provenance(chosen, excluded),
    };
  }

  #usualFor(model: ModelView): Chosen {
    const known = this.#usual.get(model);
    if (known !== undefined) return known;
    const chosen = this.#choose(new Set(), model);
    this.#usual.set(model, chosen);
    return chosen;
  }

  #idsAskedIn(sample: Sample): ReadonlySet<string> {
    const asked = sample.messages
      .filter(({ role }) => role === "user")
      .map(({ content }) => normalisedInstruction(content));
    return new Set(asked.flatMap((question) => this.#idByQuestion.get(question) ?? []));
  }

  /** The first K, or as many as fit, of the examples that are not `without`. */
  #choose(without: ReadonlySet<string>, model: ModelView): Chosen {
    const { k, labels } = this.#options;
    const pool = without.size === 0 ? this.#pool : this.#pool.filter(({ id }) => !without.has(id));
    const beside = without.size === 0 ? "" : " beside the question itself";
    if (k !== "max") {
      if (k > pool.length) throw this.#tooFew(k, pool.length, beside);
      const chosen = this.#take(pool, k, model);
      this.#requireFit(chosen, model);
      return chosen;
    }
    const budget = this.#options.tokenBudget ?? Math.floor(model.contextSize / 2);
    if (budget > model.contextSize)
      throw tooSmall(`tokenBudget is ${budget}, the context of model "${model.name}" ${model.contextSize} tokens`);
    const count = largestFit(pool.length, (size) => this.#take(pool, size, model).tokens <= budget);
    const fewest = Math.max(1, fewestFor(labels));
    if (pool.length < fewest) throw this.#tooFew(fewest, pool.length, beside);
    if (count < fewest) {
      const { tokens } = this.#take(pool, fewest, model);
      throw tooSmall(
        `k: max needs at least ${fewest} of the ${pool.length} examples, which ${fewest === 1 ? "has" : "have"} ${tokens} tokens; the budget is ${budget} of the ${model.contextSize} tokens of model "${model.name}"`,
      );
    }
    return this.#take(pool, count, model);
  }

  #take(pool: readonly Example[], count: number, model: ModelView): Chosen {
    const { labels, seed } = this.#options;
    const demonstration = demonstrationOf(pool.slice(0, count), labels, seed);
    return { ...demonstration, tokens: model.countTokens(joined(this.#system, demonstration.blocks, "")) };
  }

  #requireFit({ shown, tokens }: Chosen, model: ModelView): void {
    const { tokenBudget } = this.#options;
    const have = `k: ${shown.length}: the examples have ${tokens} tokens`;
    if (tokenBudget !== undefined && tokens > tokenBudget) throw tooSmall(`${have}, tokenBudget is ${tokenBudget}`);
    if (tokens >= model.contextSize)
      throw tooSmall(`${have}, the context of model "${model.name}" ${model.contextSize}: no room for a question`);
  }

  #tooFew(wanted: number, there: number, beside: string): UnshiftError {
    return new UnshiftError(
      "EXAMPLES_TOO_FEW",
      `${wanted} examples are asked for, the examples "${this.#name}" hold ${there}${beside}`,
      { hint: "Lower `k`, or name a larger set by `examples`." },
    );
  }

  #provenance({ shown, answers, tokens }: Chosen, excluded: readonly string[]): JsonObject {
    const { labels, order, seed, tokenBudget, cleaning } = this.#options;
    const drawn = order === "shuffled" || labels === "random";
    return {
      format: "fenced",
      examples: this.#options.examples,
      sha256: this.#set.sha256,
      ...(this.#set.source === undefined ? {} : { source: this.#set.source }),
      available: this.#pool.length,
      k: shown.length,
      exampleIds: shown.map(({ id }) => id),
      order,
      labels,
      ...(labels === "shifted" || labels === "random"
        ? { answerIds: answers.map((answer) => answer?.id ?? null) }
        : {}),
      ...(drawn ? { seed } : {}),
      ...(tokenBudget === undefined ? {} : { tokenBudget }),
      exampleTokens: tokens,
      ...(excluded.length > 0 ? { excludedIds: excluded } : {}),
      ...(this.#system === "" ? {} : { system: this.#system }),
      ...(cleaning === "urial-compat" ? { cleaning } : {}),
    };
  }
}

function nameOf(source: ExampleSource): string {
  return typeof source === "string" ? source : source.use;
}

function tooSmall(message: string): UnshiftError {
  return new UnshiftError("CONTEXT_TOO_SMALL", message, {
    hint: "Show fewer examples (`k`), change `tokenBudget`, or raise `models.ID.contextSize` up to what the model was trained for.",
  });
}

/** How many texts both lists begin with. */
function leading(one: readonly string[], other: readonly string[]): number {
  const apart = one.findIndex((text, index) => text !== other[index]);
  return apart < 0 ? one.length : apart;
}
