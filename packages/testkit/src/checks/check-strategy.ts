import { isDeepStrictEqual } from "node:util";
import {
  type Contribution,
  instructionOf,
  isUnshiftError,
  type ModelView,
  type Prompt,
  type Sample,
  type Strategy,
} from "@unshift/contracts";
import { contractModels } from "./contract-models.js";
import { contractSamples } from "./contract-samples.js";
import { type CheckOptions, createForCheck } from "./create-for-check.js";
import { deepFreeze, expect, isStorable, quote } from "./expect.js";

export interface StrategyCheckOptions<Options> extends CheckOptions<Options> {
  /** The first must be buildable; for the others a coded error is an answer too. Default {@link contractSamples}. */
  readonly samples?: readonly Sample[];
  /** Default {@link contractModels}. */
  readonly models?: readonly ModelView[];
}

/** What a build gave: a prompt, or the code of the error it threw. */
type Outcome = { readonly prompt: Prompt } | { readonly code: string };

/**
 * Checks that a strategy keeps its contract: the same sample and model give the same prompt in any order and from any
 * instance; samples are not changed; the prompt holds the question; `staticChars` characters are really shared; stop texts
 * are not empty; provenance can be stored.
 *
 * @throws AssertionError that says which rule was broken, by which sample and model
 */
export async function checkStrategy<Options>(
  contribution: Contribution<Strategy, Options> | undefined,
  check: StrategyCheckOptions<Options> = {},
): Promise<void> {
  const samples = deepFreeze(structuredClone(check.samples ?? contractSamples));
  const models = check.models ?? contractModels;
  const cases = models.flatMap((model) => samples.map((sample) => ({ model, sample })));
  const first = await createForCheck(contribution, check);
  const second = await createForCheck(contribution, check);

  const forward = new Map<(typeof cases)[number], Outcome>();
  for (const one of cases) forward.set(one, await outcome(first, one.sample, one.model));
  // Another instance, another order, models interleaved: whatever is remembered between builds shows.
  const interleaved = cases.toReversed().sort((a, b) => samples.indexOf(b.sample) - samples.indexOf(a.sample));
  for (const one of interleaved) {
    const again = await outcome(second, one.sample, one.model);
    expect(
      isDeepStrictEqual(again, forward.get(one)),
      `build is not pure: sample "${one.sample.id}" for model "${one.model.name}" gave another prompt in another order`,
    );
  }

  for (const model of models) {
    const prompts: Prompt[] = [];
    for (const [one, result] of forward) {
      if (one.model !== model) continue;
      if ("prompt" in result) {
        checkPrompt(result.prompt, one.sample, model);
        prompts.push(result.prompt);
      } else {
        expect(
          one.sample !== samples[0],
          `sample "${one.sample.id}" for model "${model.name}" could not be built: ${result.code}`,
        );
      }
    }
    checkStatic(prompts, model);
  }
}

async function outcome(strategy: Strategy, sample: Sample, model: ModelView): Promise<Outcome> {
  try {
    return { prompt: structuredClone(await strategy.build(sample, model)) };
  } catch (error) {
    expect(
      isUnshiftError(error),
      `sample "${sample.id}" for model "${model.name}": build threw an error without a code: ${String(error)}`,
    );
    return { code: error.code };
  }
}

function checkPrompt(prompt: Prompt, sample: Sample, model: ModelView): void {
  const of = `the prompt of sample "${sample.id}" for model "${model.name}"`;
  const question = instructionOf(sample).trim();
  expect(typeof prompt.text === "string", `${of} has no text`);
  expect(prompt.text.includes(question), `${of} does not hold the question ${quote(question)}: ${quote(prompt.text)}`);
  expect(typeof prompt.parseSpecial === "boolean", `${of}: parseSpecial is not a boolean`);
  expect(prompt.bos === "auto" || prompt.bos === "never", `${of}: bos is neither "auto" nor "never"`);
  expect(
    Number.isInteger(prompt.staticChars) && prompt.staticChars >= 0 && prompt.staticChars <= prompt.text.length,
    `${of}: staticChars ${prompt.staticChars} is not an integer from 0 to ${prompt.text.length}`,
  );
  expect(
    !/[\uD800-\uDBFF]$/.test(prompt.text.slice(0, prompt.staticChars)),
    `${of}: staticChars cuts a surrogate pair in two`,
  );
  for (const [name, texts] of [
    ["stop", prompt.stop],
    ["trimEnd", prompt.trimEnd ?? []],
  ] as const) {
    expect(Array.isArray(texts), `${of}: ${name} is not a list`);
    expect(
      texts.every((text) => typeof text === "string" && text !== ""),
      `${of}: ${name} holds something that is no text, or an empty one`,
    );
  }
  expect(isStorable(prompt.provenance), `${of}: provenance does not survive JSON`);
}

/** The characters two prompts of one system both call static are the same ones. */
function checkStatic(prompts: readonly Prompt[], model: ModelView): void {
  const longest = prompts.reduce<Prompt | null>(
    (best, prompt) => (best !== null && best.staticChars >= prompt.staticChars ? best : prompt),
    null,
  );
  for (const prompt of prompts) {
    const own = prompt.text.slice(0, prompt.staticChars);
    expect(
      longest === null || longest.text.startsWith(own),
      `staticChars is not shared for model "${model.name}": ${quote(own)} against ${quote(longest?.text ?? "")}`,
    );
  }
}
