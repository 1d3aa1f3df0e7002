import { createHash } from "node:crypto";
import { type JsonObject, type Sample, UnshiftError, type Where } from "@unshift/contracts";
import type { DatasetSpec } from "../config/experiment.js";
import { didYouMean, listed } from "../config/wording.js";
import { checkFollows } from "./conversation.js";

export interface Selection {
  readonly samples: readonly Sample[];
  /** Samples of the whole dataset. */
  readonly available: number;
  /** "40 of 72 samples (seed 7)" where it is not the whole dataset, else null. */
  readonly note: string | null;
}

/**
 * The samples an experiment asks for: those with its ids in its order, else all in dataset order, of them those with its tags, of them its limit. With a
 * seed, the n samples whose hash of (seed, id) is smallest: the same ones whatever order the dataset is in, and a larger limit
 * keeps the smaller one's. A limit counts chats: the turns that follow a sample come with it, and a turn that was chosen brings
 * the turns before it.
 *
 * @param provenance what the dataset says of itself; its `limited` is told too
 * @param placeOfId where the experiment, or the command line, names the id
 */
export function selectSamples(
  all: readonly Sample[],
  spec: DatasetSpec,
  where: Where,
  provenance: JsonObject = {},
  placeOfId: (index: number) => Where = () => where,
): Selection {
  requireUniqueIds(all, where);
  checkFollows(all, where);
  let samples: readonly Sample[] = all;
  if (spec.ids !== null) {
    samples = pickIds(all, spec.ids, placeOfId);
  }
  if (spec.where !== null) {
    samples = withTags(samples, spec.where, all, where);
  }
  const asked = samples.length;
  samples = withEarlierTurns(samples, all);
  const brought = samples.length - asked;
  const chats = samples.filter(({ follows }) => follows === undefined);
  const drawn = spec.limit !== null && spec.limit < chats.length;
  if (spec.limit !== null && drawn) {
    const chosen = spec.seed === null ? chats.slice(0, spec.limit) : sampleBySeed(chats, spec.limit, spec.seed);
    samples = withLaterTurns(chosen, samples);
  }
  if (samples.length === 0) {
    throw new UnshiftError("DATASET_EMPTY", `dataset "${spec.use}" has no sample to work on`, { where });
  }
  const limited = samples.length < all.length;
  const first = samples.filter(({ follows }) => follows === undefined).length;
  const by = [
    ...(first < samples.length ? [`${first} ${first === 1 ? "chat" : "chats"}`] : []),
    ...(brought > 0 ? [`${brought} of them earlier turns of what was chosen`] : []),
    ...(spec.ids === null ? [] : ["chosen by id"]),
    ...Object.entries(spec.where ?? {}).map(([tag, values]) => `${tag}: ${values.join(" or ")}`),
    ...(drawn ? [spec.seed === null ? "the first ones" : `sampled with seed ${spec.seed}`] : []),
  ].join(", ");
  const notes = [
    ...(typeof provenance["limited"] === "string" ? [provenance["limited"]] : []),
    ...(limited ? [`${samples.length} of the dataset's ${all.length} samples, ${by}`] : []),
  ];
  return { samples, available: all.length, note: notes.length === 0 ? null : `limited: ${notes.join("; of these ")}` };
}

/** The samples with the turns they follow, each in front of the first one that needs it. */
function withEarlierTurns(samples: readonly Sample[], all: readonly Sample[]): readonly Sample[] {
  if (samples.every(({ follows }) => follows === undefined)) {
    return samples;
  }
  const byId = new Map(all.map((sample) => [sample.id, sample]));
  const chosen = new Map<string, Sample>();
  const add = (sample: Sample) => {
    const before = sample.follows === undefined ? undefined : byId.get(sample.follows);
    if (before !== undefined) {
      add(before);
    }
    chosen.set(sample.id, sample);
  };
  for (const sample of samples) {
    add(sample);
  }
  return [...chosen.values()];
}

/** Of `samples` those that begin with one of `chats`. */
function withLaterTurns(chats: readonly Sample[], samples: readonly Sample[]): readonly Sample[] {
  const kept = new Set(chats.map(({ id }) => id));
  return samples.filter(({ id, follows }) => {
    if (follows !== undefined && kept.has(follows)) {
      kept.add(id);
    }
    return kept.has(id);
  });
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

function pickIds(all: readonly Sample[], ids: readonly string[], place: (index: number) => Where): Sample[] {
  const byId = new Map(all.map((sample) => [sample.id, sample]));
  return ids.map((id, index) => {
    const sample = byId.get(id);
    if (sample === undefined) {
      throw new UnshiftError(
        "CONFIG_UNKNOWN_REFERENCE",
        `the dataset has no sample with the id ${JSON.stringify(id)}.${didYouMean(id, byId.keys())}`,
        { where: place(index), hint: `The dataset holds ${all.length} samples.` },
      );
    }
    return sample;
  });
}

function withTags(
  samples: readonly Sample[],
  wanted: Readonly<Record<string, readonly string[]>>,
  all: readonly Sample[],
  where: Where,
): readonly Sample[] {
  for (const [tag, values] of Object.entries(wanted)) {
    requireKnown("tag", tag, new Set(all.flatMap(({ tags }) => Object.keys(tags))), where);
    const known = new Set(all.flatMap(({ tags }) => tags[tag] ?? []));
    for (const value of values) requireKnown(`value of the tag "${tag}"`, value, known, where);
  }
  return samples.filter(({ tags }) =>
    Object.entries(wanted).every(([tag, values]) => tags[tag]?.some((value) => values.includes(value)) ?? false),
  );
}

/** A tag or value that no sample has is a typo, not an empty selection. */
function requireKnown(what: string, name: string, known: ReadonlySet<string>, where: Where): void {
  if (known.has(name)) return;
  throw new UnshiftError(
    "CONFIG_UNKNOWN_REFERENCE",
    `no sample of the dataset has the ${what} ${JSON.stringify(name)}. There are: ${listed([...known].sort())}.${didYouMean(name, known)}`,
    { where },
  );
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
