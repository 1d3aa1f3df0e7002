/** Most bytes of an uploaded file; endpoints take 200 MB, and it is held in memory. */
const maxBytes = 100_000_000;

/** A line of a file, and whose it is. */
export interface KeyedLine {
  readonly key: string;
  readonly line: string;
}

/** Lines in as few files as the limits allow, in order, made as they are wanted. A line larger than a file is alone in one. */
export function* splitLines(lines: Iterable<KeyedLine>, maxLines: number, most = maxBytes): Generator<KeyedLine[]> {
  let file: KeyedLine[] = [];
  let bytes = 0;
  for (const each of lines) {
    const size = Buffer.byteLength(each.line);
    if (file.length > 0 && (file.length >= maxLines || bytes + size > most)) {
      yield file;
      [file, bytes] = [[], 0];
    }
    file.push(each);
    bytes += size;
  }
  if (file.length > 0) yield file;
}
