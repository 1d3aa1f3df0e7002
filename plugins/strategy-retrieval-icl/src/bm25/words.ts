/** Scripts written without spaces: each character stands for a word. */
const single =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}";
const pattern = new RegExp(`[${single}]|(?:(?![${single}])[\\p{L}\\p{M}\\p{N}])+`, "gu");

/**
 * The words of a text: in Unicode form NFKC and lower case, runs of letters, marks and digits. No stop words, no stemming: it works
 * alike in every language.
 */
export function wordsOf(text: string): readonly string[] {
  return text.normalize("NFKC").toLowerCase().match(pattern) ?? [];
}
