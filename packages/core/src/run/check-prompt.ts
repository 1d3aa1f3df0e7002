import type { Prompt } from "@unshift/contracts";

/**
 * What is wrong with what a strategy's `build` gave, or null. Plugins are JavaScript: their types were checked where they were
 * written, if at all, and a wrong one must not reach the engine.
 */
export function promptFault(given: unknown): string | null {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return `gave ${kindOf(given)}, not a prompt`;
  }
  const prompt = given as Readonly<Record<keyof Prompt, unknown>>;
  for (const [field, wanted, holds] of rules) {
    if (!holds(prompt[field], prompt)) {
      return `gave a prompt whose \`${field}\` is ${kindOf(prompt[field])}; wanted: ${wanted}`;
    }
  }
  return null;
}

type Rule = readonly [
  field: keyof Prompt,
  wanted: string,
  holds: (value: unknown, prompt: { text: unknown }) => boolean,
];

const optional = (holds: (value: unknown) => boolean) => (value: unknown) => value === undefined || holds(value);

const rules: readonly Rule[] = [
  ["text", "a string", (value) => typeof value === "string"],
  ["parseSpecial", "true or false", isBoolean],
  ["bos", '"auto" or "never"', (value) => value === "auto" || value === "never"],
  [
    "staticChars",
    "a whole number of characters, 0 to the length of the text",
    (value, { text }) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= String(text).length,
  ],
  ["stop", "a list of texts, none of them empty", isTexts],
  ["trimEnd", "a list of texts, none of them empty", optional(isTexts)],
  ["codeBlocks", "true or false", optional(isBoolean)],
  ["stopAlways", "a list of texts, none of them empty", optional(isTexts)],
  ["provenance", "an object that JSON can hold", isStorable],
];

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string" && text !== "");
}

function isStorable(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return false;
  }
  try {
    JSON.stringify(value);
    return true;
  } catch {
    // A circle or a BigInt.
    return false;
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) {
    return "such a list";
  }
  return typeof value === "object"
    ? value === null
      ? "null"
      : "such an object"
    : (JSON.stringify(value) ?? typeof value);
}
