import type { Sample } from "@unshift/contracts";

/** What a sample asks, with the chat before it, as one text: equal exactly where the same was asked. */
export function sampleContents(samples: readonly Sample[]): ReadonlyMap<string, string> {
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  const contentOf = (sample: Sample, seen: ReadonlySet<string>): string => {
    const before = sample.follows === undefined || seen.has(sample.follows) ? undefined : byId.get(sample.follows);
    const earlier = before === undefined ? (sample.follows ?? null) : contentOf(before, new Set([...seen, sample.id]));
    return JSON.stringify([sample.messages.map(({ role, content }) => [role, content]), earlier]);
  };
  return new Map(samples.map((sample) => [sample.id, contentOf(sample, new Set([sample.id]))]));
}
