import { createHash } from "node:crypto";
import { type Sample, UnshiftError, type Where } from "@unshift/contracts";
import { closest } from "fastest-levenshtein";
import type { DatasetSpec } from "../config/experiment.js";

export interface Selection {
  readonly samples: readonly Sample[];
  /** Samples of the whole dataset. */
  readonly available: number;
  /** "40 of 72 samples (seed 7)" where it is not the whole dataset, else null. */
  readonly note: string | null;
}

/**
 * The samples an experiment asks for, in dataset order. With a seed, the n samples whose hash of (seed, id) is smallest: the
 * same ones whatever order the dataset is in, and a larger limit keeps the smaller one's.
 */
export function selectSamples(all: readonly Sample[], spec: DatasetSpec, where: Where): Selection {
  requireUniqueIds(all, where);
  let samples: readonly Sample[] = all;
  if (spec.ids !== null) {
    samples = pickIds(all, spec.ids, where);
  }
  if (spec.limit !== null && spec.limit < samples.length) {
    samples = spec.seed === null ? samples.slice(0, spec.limit) : sampleBySeed(samples, spec.limit, spec.seed);
  }
  if (samples.length === 0) {
    throw new UnshiftError("DATASET_EMPTY", `dataset "${spec.use}" has no sample to work on`, { where });
  }
  const limited = samples.length < all.length;
  const by =
    spec.ids !== null ? "chosen by id" : spec.seed === null ? "the first ones" : `sampled with seed ${spec.seed}`;
  return {
    samples,
    available: all.length,
    note: limited ? `limited: ${samples.length} of the dataset's ${all.length} samples, ${by}` : null,
  };
}

function requireUniqueIds(samples: readonly Sample[], where: Where): void {
  const seen = new Set<string>();
  for (const { id } of samples) {
    if (seen.has(id)) {
      throw new UnshiftError("DATASET_DUPLICATE_ID", `two samples have the id ${JSON.stringify(id)}`, { where });
    }
    seen.add(id);
  }
}

function pickIds(all: readonly Sample[], ids: readonly string[], where: Where): Sample[] {
  const byId = new Map(all.map((sample) => [sample.id, sample]));
  return ids.map((id) => {
    const sample = byId.get(id);
    if (sample === undefined) {
      const near = closest(id, [...byId.keys()]);
      throw new UnshiftError(
        "CONFIG_UNKNOWN_REFERENCE",
        `the dataset has no sample with the id ${JSON.stringify(id)}`,
        {
          where,
          hint: `Did you mean ${JSON.stringify(near)}? The dataset holds ${all.length} samples.`,
        },
      );
    }
    return sample;
  });
}

function sampleBySeed(samples: readonly Sample[], limit: number, seed: number): Sample[] {
  const rank = (sample: Sample) => createHash("sha256").update(`${seed}\0${sample.id}`).digest("hex");
  const chosen = new Set(
    samples
      .map((sample) => ({ sample, rank: rank(sample) }))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .slice(0, limit)
      .map(({ sample }) => sample.id),
  );
  return samples.filter((sample) => chosen.has(sample.id));
}
