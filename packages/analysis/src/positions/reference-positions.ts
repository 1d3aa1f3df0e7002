import { pieceAt, rebuildAnswer } from "./answer-text.js";
import type { ShiftPositions } from "./shift-positions.js";

/**
 * Positions of an answer whose token overlaps one of the accepted statements of the fact: every occurrence, case ignored, on
 * word boundaries, any white space for white space.
 * @returns positions, ascending; empty where the fact is not stated
 */
export function referencePositions(positions: ShiftPositions, sample: number, references: readonly string[]): number[] {
  const statements = new Set(references.map((reference) => reference.trim()));
  statements.delete("");
  if (statements.size === 0) return [];
  const answer = rebuildAnswer(positions, sample);
  const found = new Set<number>();
  for (const statement of statements) {
    for (const { index, 0: match } of answer.text.matchAll(patternOf(statement))) {
      const first = answer.first[pieceAt(answer, index)] as number;
      const last = answer.last[pieceAt(answer, index + match.length - 1)] as number;
      for (let position = first; position <= last; position++) found.add(position);
    }
  }
  return [...found].sort((a, b) => a - b);
}

const wordCharacter = "[\\p{L}\\p{M}\\p{N}_]";
const startsInWord = new RegExp(`^${wordCharacter}`, "u");
const endsInWord = new RegExp(`${wordCharacter}$`, "u");

/** A side of a statement that is no word character ("(b)") asks for no boundary there. */
function patternOf(statement: string): RegExp {
  const escaped = statement.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/\s+/g, "\\s+");
  const before = startsInWord.test(statement) ? `(?<!${wordCharacter})` : "";
  const after = endsInWord.test(statement) ? `(?!${wordCharacter})` : "";
  return new RegExp(`${before}${escaped}${after}`, "giu");
}
