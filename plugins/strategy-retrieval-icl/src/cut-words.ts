/** The first `most` words of a text, as separated by white space, with the white space between them. */
export function cutWords(text: string, most: number): { readonly text: string; readonly cut: boolean } {
  const words = /\S+/g;
  let end = 0;
  for (let count = 0; count < most; count += 1) {
    if (words.exec(text) === null) return { text, cut: false };
    end = words.lastIndex;
  }
  return words.exec(text) === null ? { text, cut: false } : { text: text.slice(0, end), cut: true };
}
