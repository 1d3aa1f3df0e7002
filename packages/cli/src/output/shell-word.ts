/** A path as one word of a command that people copy into a shell. */
export function shellWord(path: string): string {
  if (/^[\w./@:\\-]+$/.test(path)) return path;
  return path.includes("'") ? `"${path.replace(/[\\"$`]/g, "\\$&")}"` : `'${path}'`;
}
