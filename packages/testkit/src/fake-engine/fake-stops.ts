import type { Prompt } from "@unshift/contracts";
import { type FakeCodeBlocks, isInBlock, readCodeBlocks } from "./fake-code-blocks.js";

/** Where an answer is cut, and by which text. Byte offsets. */
export interface FakeStop {
  readonly text: string;
  readonly at: number;
}

type Stops = Pick<Prompt, "stop" | "stopAlways" | "trimEnd" | "codeBlocks">;

/**
 * The stop text that ends first in `bytes` (one `latin1` character each), of several that end together the longest. Only what
 * ends at or behind byte `from` is looked for.
 */
export function findStop(prompt: Stops, bytes: string, from: number): FakeStop | null {
  const always = (prompt.stopAlways ?? []).map((text) => ({ text, bytes: latin1(text), always: true }));
  const stops = [...prompt.stop.map((text) => ({ text, bytes: latin1(text), always: false })), ...always].sort(
    (a, b) => b.bytes.length - a.bytes.length,
  );
  for (let end = from; end <= bytes.length; end += 1) {
    const seen = bytes.slice(0, end);
    const blocks = blocksOf(prompt, seen);
    if (blocks.bareFirst) return { text: seen, at: 0 };
    const found = stops.find(
      (stop) => seen.endsWith(stop.bytes) && (stop.always || !isInBlock(blocks, end - stop.bytes.length)),
    );
    if (found !== undefined) return { text: found.text, at: end - found.bytes.length };
  }
  return null;
}

/** Bytes to keep of an answer that ended by itself. */
export function trimmedLength(prompt: Stops, bytes: string): number {
  const blocks = blocksOf(prompt, bytes);
  if (isInBlock(blocks, bytes.length)) return bytes.length;
  if (prompt.codeBlocks === true && /^`{3,}[ \t\r]*$/.test(bytes)) return 0;
  const end = prompt.trimEnd?.find((text) => bytes.endsWith(latin1(text)));
  return bytes.length - (end === undefined ? 0 : latin1(end).length);
}

function blocksOf(prompt: Stops, bytes: string): FakeCodeBlocks {
  return prompt.codeBlocks === true ? readCodeBlocks(bytes) : { edges: [], bareFirst: false };
}

function latin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
