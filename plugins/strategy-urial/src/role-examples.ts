import type { PromptExample, PromptLines } from "./prompt-lines.js";

const userHeading = /^# User:[ \t]*$/;
const assistantHeading = /^# Assistant:[ \t]*$/;

export function holdsUser({ texts }: PromptLines): boolean {
  return texts.some((line) => userHeading.test(line));
}

/**
 * Examples under `# User:` and `# Assistant:`, without fences; blank lines around a text are not part of it.
 *
 * @throws PROMPT_FILE where a user's line is not followed by exactly one answer, or one of the two is empty
 */
export function roleExamples(lines: PromptLines): {
  readonly start: number;
  readonly examples: readonly PromptExample[];
} {
  const { texts } = lines;
  const starts = Array.from(texts.keys()).filter((at) => userHeading.test(texts[at] ?? ""));
  const examples = starts.map((start, index) => {
    const end = starts[index + 1] ?? texts.length;
    const answers = Array.from({ length: end - start }, (_, offset) => start + offset).filter((at) =>
      assistantHeading.test(texts[at] ?? ""),
    );
    const [answerAt, second] = answers;
    if (answerAt === undefined) return lines.fail(start, 'this "# User:" has no "# Assistant:"');
    if (second !== undefined) lines.fail(second, 'a second "# Assistant:" below one "# User:"');
    const query = textOf(texts.slice(start + 1, answerAt));
    const answer = textOf(texts.slice(answerAt + 1, end));
    if (query === "") lines.fail(start, 'there is no text under this "# User:"');
    if (answer === "") lines.fail(answerAt, 'there is no text under this "# Assistant:"');
    return { query, answer };
  });
  return { start: starts[0] ?? texts.length, examples };
}

function textOf(lines: readonly string[]): string {
  return lines.join("\n").replace(/^\s*\n|\s+$/g, "");
}
