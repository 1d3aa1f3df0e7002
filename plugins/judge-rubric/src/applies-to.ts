import type { Sample } from "@unshift/contracts";

/** Tag → value or values: a sample fits that has one of them under each of the tags. */
export type AppliesTo = Readonly<Record<string, string | readonly string[]>>;

export function applies(appliesTo: AppliesTo | undefined, { tags }: Sample): boolean {
  return Object.entries(appliesTo ?? {}).every(([tag, wanted]) => {
    const values = Object.hasOwn(tags, tag) ? (tags[tag] ?? []) : [];
    return [wanted].flat().some((value) => values.includes(value));
  });
}

export const appliesToProperty = {
  type: "object",
  additionalProperties: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" }, minItems: 1 }] },
  description: "Only samples with one of these values under each of these tags, such as `kind: [fact]`. Default: all.",
} as const;
