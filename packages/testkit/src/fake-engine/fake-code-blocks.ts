/** Newlines at which code blocks of an answer begin and end, in turn, and whether the first line was a bare fence. */
export interface FakeCodeBlocks {
  readonly edges: readonly number[];
  readonly bareFirst: boolean;
}

/**
 * Reads the whole lines of a text (contract: `Prompt.codeBlocks`): back-ticks and a language open a block, back-ticks alone close
 * it. A block holds the newline behind its opening line and ends before the one behind its closing line.
 */
export function readCodeBlocks(text: string): FakeCodeBlocks {
  const edges: number[] = [];
  let fence = 0;
  let bareFirst = false;
  let begin = 0;
  for (let end = text.indexOf("\n"); end >= 0; begin = end + 1, end = text.indexOf("\n", begin)) {
    const [, ticks = "", rest = ""] = /^(`*)(.*)$/s.exec(text.slice(begin, end)) ?? [];
    const blank = /^[ \t\r]*$/.test(rest);
    const isFence = ticks.length >= 3;
    if (fence > 0 ? ticks.length >= fence && blank : isFence && !blank && !rest.includes("`")) {
      fence = fence > 0 ? 0 : ticks.length;
      edges.push(end);
    } else if (begin === 0 && isFence && blank) {
      bareFirst = true;
    }
  }
  return { edges, bareFirst };
}

/** Whether a block is open at this byte. */
export function isInBlock({ edges }: FakeCodeBlocks, at: number): boolean {
  return edges.filter((edge) => edge <= at).length % 2 === 1;
}
