/** Whitespace-separated words, as just-eval counts an answer's length. */
export function wordsOf(answer: string): number {
  return answer.split(/\s+/).filter((word) => word !== "").length;
}
