import { bytes } from "../output/format.js";

/** Milliseconds between two lines: on a terminal the same line, elsewhere a new one. */
const interval = { terminal: 200, plain: 10_000 };

/** Tells of rows on standard error: how many, how fast, how long still. `done` rows are there before it begins. */
export function logitsProgress(done: number, total: number, rowBytes: number): (rows: number) => void {
  const terminal = process.stderr.isTTY === true;
  const started = Date.now();
  let last = started;
  let written = 0;
  return (rows) => {
    written += rows;
    const now = Date.now();
    const finished = done + written === total;
    if (!finished && now - last < (terminal ? interval.terminal : interval.plain)) return;
    last = now;
    process.stderr.write(
      terminal
        ? `\r\x1b[K${line(done, written, total, rowBytes, now - started)}${finished ? "\n" : ""}`
        : `${line(done, written, total, rowBytes, now - started)}\n`,
    );
  };
}

function line(done: number, written: number, total: number, rowBytes: number, elapsedMs: number): string {
  const seconds = Math.max(elapsedMs, 1) / 1000;
  const rate = written / seconds;
  const share = Math.floor((100 * (done + written)) / total);
  const left = Math.ceil((total - done - written) / rate);
  return `rows: ${done + written} of ${total} (${share} %), ${Math.round(rate)} a second, ${bytes(rate * rowBytes)}/s, ${clock(left)} left`;
}

/** Seconds as `4:07` or `1:02:09`. */
function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}
