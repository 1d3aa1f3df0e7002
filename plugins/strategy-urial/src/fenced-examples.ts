import type { PromptExample, PromptLines } from "./prompt-lines.js";

type Fences = "unified" | "legacy";

const queryHeading = /^# Query:[ \t]*$/;
const answerHeading = /^# Answer:[ \t]*$/;
const fence = /^```[ \t]*$/;

export function holdsFencedQuery(lines: PromptLines): boolean {
  return queryLines(lines.texts).length > 0;
}

/**
 * Examples under `# Query:` and `# Answer:`, between fences.
 *
 * @throws PROMPT_FILE where a fence is not opened or closed, or one query is fenced in another way than the first
 */
export function fencedExamples(lines: PromptLines): {
  readonly format: Fences;
  readonly start: number;
  readonly examples: readonly PromptExample[];
  readonly remarks: readonly string[];
} {
  const { texts, fail } = lines;
  // [line] of each "# Query:"; a block reaches from one to the next. Headings inside fences belong to the text there.
  const starts = queryLines(texts);
  const kinds: Fences[] = [];
  const remarks: string[] = [];
  const examples = starts.map((start, index): PromptExample => {
    const end = starts[index + 1] ?? texts.length;
    const answerAt = texts.findIndex((line, at) => at > start && at < end && answerHeading.test(line));
    const query = between(texts, start + 1, answerAt < 0 ? end : answerAt);
    if (query === null)
      return fail(start, 'the fence of this "# Query:" is not opened and closed before its "# Answer:"');
    kinds.push(query.fences);
    if (answerAt < 0) {
      remarks.push(`line ${start + 1}: this query has no answer`);
      return { query: query.text, answer: null };
    }
    const answer = between(texts, answerAt + 1, end);
    if (answer === null || answer.fences === "legacy")
      return fail(answerAt, 'the fence of this "# Answer:" is not opened and closed on lines of its own');
    return { query: query.text, answer: answer.text };
  });
  const other = kinds.findIndex((kind) => kind !== kinds[0]);
  if (other >= 0) fail(starts[other] ?? 0, "this query is fenced in another way than the first one");
  return { format: kinds[0] ?? "unified", start: starts[0] ?? texts.length, examples, remarks };
}

/** Lines of "# Query:" that begin an example: the next line opens a fence. */
function queryLines(texts: readonly string[]): number[] {
  return Array.from(texts.keys()).filter((at) => {
    const [line, next] = [texts[at], texts[at + 1]];
    return (
      line !== undefined &&
      queryHeading.test(line) &&
      (next === undefined || next.startsWith("```") || next.trim() === "")
    );
  });
}

/**
 * The fenced text of lines [from, to): from the first line, which opens a fence, to the last that is not blank, which closes
 * it; fences between them are text. Null where it is not opened or not closed.
 */
function between(
  texts: readonly string[],
  from: number,
  to: number,
): { readonly text: string; readonly fences: Fences } | null {
  let last = to - 1;
  while (last > from && (texts[last] ?? "").trim() === "") last -= 1;
  const first = texts[from];
  const closing = texts[last];
  if (first === undefined || closing === undefined || last < from) return null;
  if (fence.test(first)) {
    return last > from && fence.test(closing)
      ? { text: texts.slice(from + 1, last).join("\n"), fences: "unified" }
      : null;
  }
  const whole = texts
    .slice(from, last + 1)
    .join("\n")
    .trimEnd();
  return whole.startsWith("```") && whole.endsWith("```") && whole.length >= 6
    ? { text: whole.slice(3, -3), fences: "legacy" }
    : null;
}
