/** Writes one JSON document to stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Writes a line of a command's result to stdout. */
export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a line that is not the result: remarks, progress. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
