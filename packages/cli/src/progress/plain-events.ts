import type { RunEvents } from "@unshift/core";
import { tell } from "../output/print.js";
import { terminalText } from "../output/terminal-text.js";

/** Seconds between two lines of a long stage. */
const interval = 10;

/** Plain lines for logs and pipes: one when a stage begins, one every ten seconds, one for each remark. */
export function plainEvents(): RunEvents & { stop(): void } {
  let current = { text: "", total: 0, done: 0, failed: 0 };
  let last = 0;
  const line = () => {
    const failed = current.failed > 0 ? `, ${current.failed} failed` : "";
    // A stage of one step, or of none, has nothing to count.
    tell(current.total > 1 ? `${current.text}: ${current.done}/${current.total}${failed}` : `${current.text}${failed}`);
  };
  return {
    stage(stage, label, total, cached) {
      current = { text: `${stage} ${label}`, total, done: cached, failed: 0 };
      last = Date.now();
      if (total > 0) line();
    },
    tick(outcome) {
      current.done += 1;
      current.failed += outcome === "failed" ? 1 : 0;
      const finished = current.done === current.total && (current.total > 1 || current.failed > 0);
      if (finished || Date.now() - last > interval * 1000) {
        last = Date.now();
        line();
      }
    },
    loading(model, share) {
      if (Date.now() - last > interval * 1000) {
        last = Date.now();
        tell(`open ${model}: ${Math.floor(100 * share)} %`);
      }
    },
    progress(label, done, total) {
      if (Date.now() - last > interval * 1000) {
        last = Date.now();
        tell(`prepare ${label}: ${done}/${total}`);
      }
    },
    waiting(what) {
      if (Date.now() - last > interval * 1000) {
        last = Date.now();
        tell(`${current.text}: ${terminalText(what)}`);
      }
    },
    note(message) {
      tell(`note: ${terminalText(message)}`);
    },
    stop() {},
  };
}
