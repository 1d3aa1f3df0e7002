import { isDeepStrictEqual } from "node:util";
import type { Contribution, Dataset, Sample } from "@unshift/contracts";
import { type CheckOptions, createForCheck } from "./create-for-check.js";
import { expect, isStorable, quote } from "./expect.js";

/**
 * Checks that a dataset keeps its contract: it has samples, their ids are unique, every chat ends with the user's message,
 * references and tags have their types, and loading again gives the same samples in the same order, twice from one instance
 * and once from another.
 *
 * @returns the samples, for further checks of one's own
 * @throws AssertionError that says which rule was broken, by which sample
 */
export async function checkDataset<Options>(
  contribution: Contribution<Dataset, Options> | undefined,
  check: CheckOptions<Options> = {},
): Promise<readonly Sample[]> {
  const dataset = await createForCheck(contribution, check);
  const samples = await load(dataset);
  expect(samples.length > 0, "the dataset is empty");
  const seen = new Set<string>();
  for (const [index, sample] of samples.entries()) {
    checkSample(sample, index);
    expect(!seen.has(sample.id), `two samples have the id "${sample.id}"`);
    seen.add(sample.id);
  }
  const other = await createForCheck(contribution, check);
  expectSame(samples, await load(dataset), "the second load of one instance");
  expectSame(samples, await load(other), "the load of another instance");
  expect(dataset.provenance === undefined || isStorable(dataset.provenance), "provenance does not survive JSON");
  expect(isDeepStrictEqual(dataset.provenance, other.provenance), "two instances state another provenance");
  return samples;
}

async function load(dataset: Dataset): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const sample of dataset.samples(new AbortController().signal)) samples.push(sample);
  return samples;
}

function expectSame(first: readonly Sample[], again: readonly Sample[], which: string): void {
  expect(first.length === again.length, `${which} gave ${again.length} samples instead of ${first.length}`);
  const index = first.findIndex((sample, at) => !isDeepStrictEqual(sample, again[at]));
  expect(
    index < 0,
    `${which} gave another sample at place ${index}: "${again[index]?.id}" instead of "${first[index]?.id}"`,
  );
}

function checkSample(sample: Sample, index: number): void {
  const of = `sample ${index} (${JSON.stringify(sample.id)})`;
  expect(typeof sample.id === "string" && sample.id !== "", `sample ${index} has no id`);
  expect(Array.isArray(sample.messages) && sample.messages.length > 0, `${of} has no message`);
  for (const message of sample.messages) {
    expect(
      ["system", "user", "assistant"].includes(message.role),
      `${of} has a message of role ${quote(String(message.role))}`,
    );
    expect(typeof message.content === "string", `${of} has a message without text`);
  }
  expect(sample.messages.at(-1)?.role === "user", `${of} does not end with the user's message`);
  expect(isTextList(sample.reference), `${of}: reference is not a list of texts`);
  expect(typeof sample.tags === "object" && sample.tags !== null, `${of} has no tags object`);
  for (const [tag, values] of Object.entries(sample.tags)) {
    expect(isTextList(values), `${of}: tag "${tag}" is not a list of texts`);
  }
  expect(isStorable(sample), `${of} does not survive JSON`);
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}
