import { createHash } from "node:crypto";
import type { Dataset, Sample } from "@unshift/contracts";
import type { RowsDataset } from "./rows-dataset.js";

const seed = 0;
const rule = "each source's samples in the order of their first task, then of sha256(seed:id); the 5th, 15th, 25th, …";

/**
 * A tenth of just-eval, spread over its sources and their tasks: of the official 1,000 samples exactly 100, of which 20 ask for a
 * refusal. The lite part of a suite is the suite's part of the lite set.
 */
export async function liteDataset(dataset: RowsDataset, signal: AbortSignal): Promise<Dataset> {
  const all: Sample[] = [];
  for await (const sample of dataset.samples(signal)) all.push(sample);
  const chosen = liteSamples(all);
  return {
    samples: () => chosen,
    provenance: {
      ...dataset.provenance,
      lite: { samples: chosen.length, of: all.length, seed, rule },
      limited: `${chosen.length} of the dataset's ${all.length} samples, the lite set`,
    },
  };
}

/** In the order of the dataset. */
function liteSamples(all: readonly Sample[]): readonly Sample[] {
  const sources = new Map<string, { readonly sample: Sample; readonly rank: string }[]>();
  for (const sample of all) {
    const source = sample.tags.source?.[0] ?? "";
    const hash = createHash("sha256").update(`${seed}:${sample.id}`).digest("hex");
    const rank = `${sample.tags.task?.[0] ?? ""}\n${hash}`;
    sources.set(source, [...(sources.get(source) ?? []), { sample, rank }]);
  }
  const chosen = new Set<Sample>();
  for (const ranked of sources.values()) {
    ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    for (const [index, { sample }] of ranked.entries()) if (index % 10 === 4) chosen.add(sample);
  }
  return all.filter((sample) => chosen.has(sample));
}
