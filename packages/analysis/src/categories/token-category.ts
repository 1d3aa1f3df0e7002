import { discourseWords } from "./discourse-words.js";
import { stopwords } from "./stopwords.js";

/** Kinds of token, in the order in which they are asked; the first that fits counts. docs/reference/metrics.md lists them. */
export const tokenCategories = [
  "special",
  "format",
  "punctuation",
  "number",
  "discourse",
  "stopword",
  "other",
] as const;
export type TokenCategory = (typeof tokenCategories)[number];

const markdown = /^(?:\*+|#+|`+|\|+|-{3,}|={3,})$/;
const bullet = /^[-*+•–]$/;
const number = /^[+-]?\p{N}+(?:[.,:/]\p{N}+)*[.,:)%]?$/u;
const punctuation = /^[\p{P}\p{S}\s]+$/u;

/**
 * Category of a token by its trimmed text, case ignored. A piece of a word ("apolog" aside, which the discourse list names) is
 * `other`, whatever word it may begin.
 */
export function categoryOf(text: string, special: boolean): TokenCategory {
  if (special) return "special";
  const trimmed = text.trim();
  if (trimmed === "" || markdown.test(trimmed)) return "format";
  if (bullet.test(trimmed) && text.includes("\n")) return "format";
  if (number.test(trimmed)) return "number";
  if (punctuation.test(trimmed)) return "punctuation";
  const word = trimmed.toLowerCase().replaceAll("’", "'");
  if (discourseWords.has(word)) return "discourse";
  if (stopwords.has(word)) return "stopword";
  return "other";
}
