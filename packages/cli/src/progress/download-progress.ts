import type { HubProgress } from "@unshift/hub";
import { bytes } from "../output/format.js";

/** Milliseconds between two lines: on a terminal the same line, elsewhere a new one. */
const interval = { terminal: 200, plain: 10_000 };

/** Tells of downloads on standard error: how much of which file. */
export function downloadProgress(): (progress: HubProgress) => void {
  const terminal = process.stderr.isTTY === true;
  let last = Date.now();
  return ({ repo, file, doneBytes, totalBytes }) => {
    const finished = doneBytes === totalBytes;
    if (!finished && Date.now() - last < (terminal ? interval.terminal : interval.plain)) return;
    last = Date.now();
    const share = Math.floor((100 * doneBytes) / totalBytes);
    const line = `downloading ${repo.name}/${file}: ${bytes(doneBytes)} of ${bytes(totalBytes)} (${share} %)`;
    process.stderr.write(terminal ? `\r\x1b[K${line}${finished ? "\n" : ""}` : `${line}\n`);
  };
}
