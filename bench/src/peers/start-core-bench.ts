import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { UnshiftError } from "@unshift/contracts";
import type { Values } from "../measure.js";

/** `native/bench` with its models open. One request at a time. */
interface RunningCoreBench {
  /** Counts of what it works on. */
  readonly work: Readonly<Record<string, number>>;
  /** Does a side's work once; `seconds` and `processorSeconds` as it measured them itself. */
  run(side: string): Promise<Values>;
  stop(): Promise<void>;
}

/** Throws BENCH_PEER where it ends before it has answered. */
export async function startCoreBench(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<RunningCoreBench> {
  // load.mjs says why OpenMP is told not to spin for long; ours has it so, and the sides must not differ.
  const env = { ...process.env, GOMP_SPINCOUNT: process.env["GOMP_SPINCOUNT"] ?? "1000" };
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env, signal, windowsHide: true });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const exited = once(child, "exit");
  // A child that cannot start or dies is told by `next`, an abort by its own signal: this promise only waits for the end.
  exited.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    signal.throwIfAborted();
    if (done !== true) return JSON.parse(value);
    throw new UnshiftError("BENCH_PEER", `unshift-core-bench ${args[0]} ended early: ${log.trim()}`);
  };
  const { work } = (await next()) as Pick<RunningCoreBench, "work">;
  return {
    work,
    async run(side) {
      child.stdin.write(`${side}\n`);
      return (await next()) as Values;
    },
    async stop() {
      child.stdin.end();
      if (!signal.aborted) await exited;
    },
  };
}
