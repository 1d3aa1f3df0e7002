import { isDeepStrictEqual } from "node:util";
import type { Contribution, Dataset, Sample } from "@unshift/contracts";
import { onAnotherDay } from "./another-day.js";
import { checkExamples } from "./check-examples.js";
import { checkSample } from "./check-sample.js";
import { type CheckOptions, createForCheck } from "./create-for-check.js";
import { expect, isStorable } from "./expect.js";

type Items<Item> = AsyncIterable<Item> | Iterable<Item>;
type Source<Item> = (dataset: Dataset, signal: AbortSignal) => Items<Item>;

/**
 * Checks that a dataset keeps its contract: it has samples, their ids are unique, every chat ends with the user's message, a
 * later turn follows an earlier sample, references and tags have their types; loading again gives the same samples in the same
 * order: from the same instance, after a load that was left half-way, from another instance, on another day. The same holds for
 * its examples, of which none is among the samples.
 *
 * @returns the samples, for further checks of one's own
 * @throws AssertionError that says which rule was broken, by which sample
 */
export async function checkDataset<Options>(
  contribution: Contribution<Dataset, Options> | undefined,
  check: CheckOptions<Options> = {},
): Promise<readonly Sample[]> {
  const dataset = await createForCheck(contribution, check);
  const other = await createForCheck(contribution, check);
  const samples = await loadTwice("sample", dataset, other, (each, signal) => each.samples(signal));
  expect(samples.length > 0, "the dataset is empty");
  const seen = new Set<string>();
  for (const [index, sample] of samples.entries()) {
    checkSample(sample, index, seen);
    seen.add(sample.id);
  }
  if (dataset.examples !== undefined) {
    checkExamples(await loadTwice("example", dataset, other, (each, signal) => each.examples?.(signal) ?? []), samples);
  }
  expect(dataset.provenance === undefined || isStorable(dataset.provenance), "provenance does not survive JSON");
  expect(isDeepStrictEqual(dataset.provenance, other.provenance), "two instances state another provenance");
  return samples;
}

/** All items, which are the same however they are loaded again. */
async function loadTwice<Item extends { readonly id: string }>(
  what: string,
  dataset: Dataset,
  other: Dataset,
  source: Source<Item>,
): Promise<readonly Item[]> {
  const items = await load(source(dataset, neverAborted()));
  // Items that are the dataset's own objects could change with it.
  const before = structuredClone(items);
  for await (const _ of source(dataset, neverAborted())) break;
  expectSame(what, before, await load(source(dataset, neverAborted())), "the second load of one instance");
  expectSame(what, before, await load(source(other, neverAborted())), "the load of another instance");
  const later = onAnotherDay(() => started(source(other, neverAborted())));
  expectSame(what, before, await load(later), "the load on another day");
  return items;
}

/** A synchronous source is read to its end at once, so that all of it runs on that day. */
function started<Item>(items: Items<Item>): Items<Item> {
  return Symbol.iterator in items ? [...items] : items;
}

async function load<Item>(items: Items<Item>): Promise<Item[]> {
  const loaded: Item[] = [];
  for await (const item of items) loaded.push(item);
  return loaded;
}

function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

function expectSame<Item extends { readonly id: string }>(
  what: string,
  first: readonly Item[],
  again: readonly Item[],
  which: string,
): void {
  expect(first.length === again.length, `${which} gave ${again.length} ${what}s instead of ${first.length}`);
  const index = first.findIndex((item, at) => !isDeepStrictEqual(item, again[at]));
  const ids = [again[index]?.id, first[index]?.id].map((id) => JSON.stringify(id));
  expect(
    index < 0,
    ids[0] === ids[1]
      ? `${which} gave another ${what} under the id ${ids[0]}`
      : `${which} gave another ${what} at place ${index}: ${ids[0]} instead of ${ids[1]}`,
  );
}
