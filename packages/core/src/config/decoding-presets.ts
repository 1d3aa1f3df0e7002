import type { Decoding } from "@unshift/contracts/services";

type Preset = Omit<Decoding, "seed">;

/** Greedy, or plain sampling: nothing but the temperature decides. */
const plain = { topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 } as const;

/**
 * Decoding by name. A preset gives every value but the seed, so that its name means the same in every file; `greedy` alone leaves
 * the length to others.
 *
 * `paper-base` and `paper-aligned`: arXiv 2312.01552, greedy, at most 1,024 tokens, repetition penalty 1.1 on base models only.
 * `urial-bench`: greedy with penalty 1.15, or temperature 0.5 or 1 without penalty; at most 2,048 tokens.
 */
export const decodingPresets = {
  greedy: { ...plain, temperature: 0 },
  "paper-base": { ...plain, temperature: 0, repetitionPenalty: 1.1, maxTokens: 1024 },
  "paper-aligned": { ...plain, temperature: 0, maxTokens: 1024 },
  "urial-bench": { ...plain, temperature: 0, repetitionPenalty: 1.15, maxTokens: 2048 },
  "urial-bench-t0.5": { ...plain, temperature: 0.5, maxTokens: 2048 },
  "urial-bench-t1": { ...plain, temperature: 1, maxTokens: 2048 },
} as const satisfies Readonly<Record<string, Partial<Preset>>>;

export type DecodingPreset = keyof typeof decodingPresets;
export const decodingPresetNames = Object.keys(decodingPresets) as readonly DecodingPreset[] as [
  DecodingPreset,
  ...DecodingPreset[],
];

/** What a file may write under `decoding`. */
export interface WrittenDecoding extends Partial<Record<keyof Decoding, number | undefined>> {
  readonly preset?: DecodingPreset | undefined;
}

/** `below` with a written decoding over it: first the preset, then the keys beside it. */
export function laidOver(below: Decoding, written: WrittenDecoding = {}): Decoding {
  const { preset, ...own } = written;
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...below, ...(preset === undefined ? {} : decodingPresets[preset]), ...given };
}
