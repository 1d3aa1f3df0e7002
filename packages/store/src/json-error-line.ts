/**
 * Line (from 1) of the first fault in `text`, which `JSON.parse` refused. Its messages name a place only sometimes, so the
 * longest faultless beginning is searched: a beginning is faultless while the only complaint is that it ends.
 */
export function jsonErrorLine(text: string): number {
  let sound = 0;
  let unsound = text.length + 1;
  while (unsound - sound > 1) {
    const middle = (sound + unsound) >> 1;
    if (endsTooEarly(text.slice(0, middle))) sound = middle;
    else unsound = middle;
  }
  return text.slice(0, sound).split("\n").length;
}

function endsTooEarly(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const position = /at position (\d+)/.exec(message);
    return /end of JSON input|Unterminated/.test(message) || Number(position?.[1] ?? -1) >= beginning.length;
  }
}
