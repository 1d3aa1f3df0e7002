/** Letters that carry a stroke or are two in one: Unicode does not take them apart. */
const folds: Readonly<Record<string, string>> = {
  ł: "l",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  æ: "ae",
  œ: "oe",
  ı: "i",
  ς: "σ",
};

/** Thousands in groups of three: `1,000,000`, `1'000`, with thin or no-break spaces. */
const grouped = /(?<![\p{N}.,])\p{N}{1,3}(?:([,'’\u00A0\u2009\u202F])\p{N}{3})(?:\1\p{N}{3})*(?![\p{N}])/gu;

/**
 * A text as it is compared: compatibility forms resolved (NFKD), diacritics and case gone, curly apostrophes straight, runs of
 * white space one space, thousands without separators. "Île-de-France" → "ile-de-france", "1,000" → "1000".
 */
export function normalText(text: string): string {
  return text
    .replace(grouped, (number) => number.replace(/[^\p{N}]/gu, ""))
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toUpperCase()
    .toLowerCase()
    .replace(/[łøđðþæœıς]/g, (letter) => folds[letter] ?? letter)
    .replace(/[\u2018\u2019\u201B\u02BC]/g, "'")
    .replace(/[\u2010\u2011]/g, "-")
    .replace(/\s+/g, " ")
    .trim();
}
