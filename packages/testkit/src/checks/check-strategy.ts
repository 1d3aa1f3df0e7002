import { isDeepStrictEqual } from "node:util";
import {
  type Contribution,
  isUnshiftError,
  type ModelView,
  type Preparation,
  type Prompt,
  type Sample,
  type Strategy,
} from "@unshift/contracts";
import { onAnotherDay } from "./another-day.js";
import { checkExtract } from "./check-extract.js";
import { checkPreparation, withCacheFolder } from "./check-preparation.js";
import { checkPrompt, checkStatic } from "./check-prompt.js";
import { contractModels } from "./contract-models.js";
import { contractSamples } from "./contract-samples.js";
import { type CheckOptions, createForCheck } from "./create-for-check.js";
import { expect } from "./expect.js";

export interface StrategyCheckOptions<Options> extends CheckOptions<Options> {
  /** The first must be buildable; for the others a coded error is an answer too. Default {@link contractSamples}. */
  readonly samples?: readonly Sample[];
  /** Default {@link contractModels}. */
  readonly models?: readonly ModelView[];
  /** What `prepare` gets as its embedder. Default: one without a model, by which texts that share words are near. */
  readonly embedder?: Preparation["embedder"];
}

/** What a build gave: a prompt, or the code of the error it threw. */
type Outcome = { readonly prompt: Prompt } | { readonly code: string };

interface Case {
  readonly model: ModelView;
  readonly sample: Sample;
}

/**
 * Checks that a strategy keeps its contract: the same sample and model give the same prompt in any order, on any day, from any
 * instance, prepared afresh or from what an earlier preparation left in the cache; samples are not changed; the prompt holds the
 * question; `staticChars` characters are really shared; stop texts are not empty; provenance can be stored; `extract` is pure.
 *
 * @throws AssertionError that says which rule was broken, by which sample and model
 */
export function checkStrategy<Options>(
  contribution: Contribution<Strategy, Options> | undefined,
  check: StrategyCheckOptions<Options> = {},
): Promise<void> {
  return withCacheFolder(async (cacheFolder) => {
    const samples = check.samples ?? contractSamples;
    const models = check.models ?? contractModels;
    const cases = models.flatMap((model) => samples.map((sample) => ({ model, sample })));
    const work = checkPreparation(cacheFolder, check.embedder);
    const first = new Subject(await createForCheck(contribution, check), work);
    const second = new Subject(await createForCheck(contribution, check), work);

    await first.prepare(models);
    const outcomes = new Map<Case, Outcome>();
    for (const one of cases) outcomes.set(one, await first.build(one));
    // Another instance, another order, models interleaved, another day: whatever is remembered or looked up shows.
    await second.prepare(models);
    const interleaved = cases.toReversed().sort((a, b) => samples.indexOf(b.sample) - samples.indexOf(a.sample));
    for (const one of interleaved) {
      expectSame(outcomes.get(one), await second.build(one), one, "in another order");
      expectSame(outcomes.get(one), await second.buildOnAnotherDay(one), one, "on another day");
    }
    for (const one of cases) expectSame(outcomes.get(one), await first.build(one), one, "when it was built again");

    for (const model of models) checkOutcomes(outcomes, model, samples[0]);
    checkExtract(first.strategy, second.strategy);
  });
}

/** An instance of the strategy under test. */
class Subject {
  constructor(
    readonly strategy: Strategy,
    private readonly work: Preparation,
  ) {}

  async prepare(models: readonly ModelView[]): Promise<void> {
    for (const model of models) {
      try {
        await this.strategy.prepare?.(model, this.work);
      } catch (error) {
        const said = isUnshiftError(error)
          ? `failed: ${error.code}: ${error.message}`
          : `threw without a code: ${error}`;
        expect(false, `prepare for model "${model.name}" ${said}`);
      }
    }
  }

  build({ sample, model }: Case): Promise<Outcome> {
    return this.outcome(sample, model, (given) => this.strategy.build(given, model));
  }

  buildOnAnotherDay({ sample, model }: Case): Promise<Outcome> {
    return this.outcome(sample, model, (given) => onAnotherDay(() => this.strategy.build(given, model)));
  }

  private async outcome(
    sample: Sample,
    model: ModelView,
    build: (given: Sample) => Prompt | Promise<Prompt>,
  ): Promise<Outcome> {
    const of = `sample "${sample.id}" for model "${model.name}"`;
    const given = structuredClone(sample);
    try {
      return { prompt: structuredClone(await build(given)) };
    } catch (error) {
      expect(isUnshiftError(error), `${of}: build threw an error without a code: ${String(error)}`);
      return { code: error.code };
    } finally {
      expect(isDeepStrictEqual(given, sample), `${of}: build changed the sample, which others read too`);
    }
  }
}

function expectSame(before: Outcome | undefined, again: Outcome, { sample, model }: Case, when: string): void {
  expect(
    isDeepStrictEqual(again, before),
    `build is not pure: sample "${sample.id}" for model "${model.name}" gave another prompt ${when}`,
  );
}

function checkOutcomes(outcomes: ReadonlyMap<Case, Outcome>, model: ModelView, plainest: Sample | undefined): void {
  const prompts: Prompt[] = [];
  for (const [one, result] of outcomes) {
    if (one.model !== model) continue;
    if ("prompt" in result) {
      checkPrompt(result.prompt, one.sample, model);
      prompts.push(result.prompt);
    } else {
      expect(
        one.sample !== plainest,
        `sample "${one.sample.id}" for model "${model.name}" could not be built: ${result.code}`,
      );
    }
  }
  checkStatic(prompts, model);
}
