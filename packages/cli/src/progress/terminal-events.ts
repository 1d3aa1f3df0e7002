import type { RunEvents, Stage } from "@unshift/core";
import { SingleBar } from "cli-progress";
import pc from "picocolors";

const titles: Readonly<Record<Stage, string>> = {
  open: "opening",
  prepare: "preparing",
  answer: "answering",
  score: "comparing",
  judge: "judging",
  analyse: "analysing",
  report: "reporting",
};

/** One live line on a terminal: stage, bar, rate, time left. Remarks stand above it. */
export function terminalEvents(): RunEvents & { stop(): void } {
  let bar: SingleBar | undefined;
  let label = "";
  let failed = 0;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    stage(stage, title, total, cached) {
      stop();
      [label, failed] = [title, 0];
      bar = new SingleBar({
        format: `${titles[stage].padEnd(10)} ${pc.cyan("{bar}")} {value}/{total} {label} · {eta_formatted} left`,
        barCompleteChar: "█",
        barIncompleteChar: "░",
        barsize: 24,
        hideCursor: true,
        stream: process.stderr,
        etaBuffer: 50,
        gracefulExit: false,
      });
      bar.start(total, cached, { label });
    },
    tick(outcome) {
      failed += outcome === "failed" ? 1 : 0;
      bar?.increment(1, { label: failed > 0 ? `${label}, ${failed} failed` : label });
    },
    loading(model, share) {
      bar?.update({ label: `${model} ${Math.floor(100 * share)} %` });
    },
    progress(title, done, total) {
      bar?.setTotal(total);
      bar?.update(done, { label: title });
    },
    note(message) {
      process.stderr.write(`\r\x1b[K${pc.yellow("•")} ${message}\n`);
      bar?.render();
    },
    stop,
  };
}
