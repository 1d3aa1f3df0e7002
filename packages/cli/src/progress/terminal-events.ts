import type { RunEvents, Stage } from "@unshift/core";
import { SingleBar } from "cli-progress";
import pc from "picocolors";
import { terminalText } from "../output/terminal-text.js";

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
  let started = 0;
  let done = 0;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    stage(stage, title, total, cached) {
      stop();
      [label, failed] = [title, 0];
      bar = new SingleBar({
        format: `${titles[stage].padEnd(10)} ${pc.cyan("{bar}")} {value}/{total} {label}${total > 1 ? " · {rate} · {eta_formatted} left" : ""}`,
        barCompleteChar: "█",
        barIncompleteChar: "░",
        barsize: 24,
        hideCursor: true,
        stream: process.stderr,
        etaBuffer: 50,
        gracefulExit: false,
      });
      [started, done] = [Date.now(), 0];
      bar.start(total, cached, { label, rate: "–/s" });
    },
    tick(outcome) {
      failed += outcome === "failed" ? 1 : 0;
      done += 1;
      bar?.increment(1, {
        label: failed > 0 ? `${label}, ${failed} failed` : label,
        rate: rateText(done, Date.now() - started),
      });
    },
    loading(model, share) {
      bar?.update({ label: `${model} ${Math.floor(100 * share)} %` });
    },
    progress(title, done, total) {
      bar?.setTotal(total);
      bar?.update(done, { label: title });
    },
    waiting(what) {
      bar?.update({ label: `${label} · ${terminalText(what)}` });
    },
    note(message) {
      process.stderr.write(`\r\x1b[K${pc.yellow("•")} ${terminalText(message)}\n`);
      bar?.render();
    },
    stop,
  };
}

/** Items a second, or a minute where they are slow. */
function rateText(items: number, milliseconds: number): string {
  if (milliseconds <= 0) return "–/s";
  const second = (items * 1000) / milliseconds;
  return second >= 1 ? `${second.toFixed(second < 10 ? 1 : 0)}/s` : `${(60 * second).toFixed(1)}/min`;
}
