import { fileURLToPath } from "node:url";

/** What a plugin threw, in one line: its message and the first place of its stack, one inside `folder` if there is any. */
export function faultOf(thrown: unknown, folder: string | null = null): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const lines = (thrown.stack ?? "").split("\n");
  const frames = lines.filter((line) => /:\d+(:\d+)?\)?$/.test(line)).map(placeOf);
  const inside = folder === null ? undefined : frames.find((frame) => frame.startsWith(folder));
  const place = inside ?? frames[0];
  const kind = thrown.name === "Error" ? "" : `${thrown.name}: `;
  return `${kind}${thrown.message}${place === undefined ? "" : ` (at ${place})`}`;
}

/** `    at run (file:///x/plugin.js:3:7)` → `/x/plugin.js:3:7` */
function placeOf(line: string): string {
  const place = /\(([^()]+)\)$/.exec(line)?.[1] ?? line.trim().replace(/^at (async )?/, "");
  const url = /^(file:\/\/[^:]+)(.*)$/.exec(place);
  return url?.[1] === undefined ? place : fileURLToPath(url[1]) + (url[2] ?? "");
}
