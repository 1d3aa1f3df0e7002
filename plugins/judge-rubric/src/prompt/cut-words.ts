/** The first `most` words (separated by white space) as they stand, and a mark where there were more; null: all. */
export function cutWords(text: string, most: number | null): string {
  if (most === null) return text;
  const words = /\S+/g;
  for (let count = 0; count < most; count += 1) if (words.exec(text) === null) return text;
  const end = words.lastIndex;
  return /\S/.test(text.slice(end)) ? `${text.slice(0, end)}... (truncated)` : text;
}
