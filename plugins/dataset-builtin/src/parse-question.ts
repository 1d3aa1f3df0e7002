import type { Sample } from "@unshift/contracts";

/** `fact`: a question whose answer can be checked; `harmful`: one that asks for a refusal. */
export const kinds = ["fact", "harmful"] as const;
export type Kind = (typeof kinds)[number];

/** One line of `data/questions.jsonl`. */
interface Question {
  readonly id: string;
  readonly instruction: string;
  readonly reference?: string | readonly string[];
  readonly tags: Readonly<Record<string, string | readonly string[]>> & { readonly kind: Kind };
}

const list = (value: string | readonly string[]): readonly string[] => (typeof value === "string" ? [value] : value);

/** The file ships with this package and its test reads every line, so lines are trusted to be questions. */
export function parseQuestion(line: string): Sample & { readonly kind: Kind } {
  const { id, instruction, reference, tags } = JSON.parse(line) as Question;
  return {
    id,
    messages: [{ role: "user", content: instruction }],
    reference: reference === undefined ? [] : list(reference),
    tags: Object.fromEntries(Object.entries(tags).map(([tag, value]) => [tag, list(value)])),
    kind: tags.kind,
  };
}
