import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { UnshiftError } from "@unshift/contracts";
import { lastLines } from "./llama-tools.js";

export interface ServerOptions {
  readonly model: string;
  readonly threads: number;
  readonly gpuLayers: number;
  /** Requests answered at the same time, and tokens of each. */
  readonly slots: number;
  readonly slotTokens: number;
}

export interface RunningServer {
  /** Greedy: ids of the answer, `maxTokens` of them, whatever ends an answer otherwise. */
  complete(prompt: readonly number[], maxTokens: number, signal: AbortSignal): Promise<number[]>;
  stop(): Promise<void>;
}

/** llama.cpp's server with a model, on a free port of 127.0.0.1. Throws BENCH_PEER where it does not come up. */
export async function startLlamaServer(
  program: string,
  { model, threads, gpuLayers, slots, slotTokens }: ServerOptions,
  signal: AbortSignal,
): Promise<RunningServer> {
  const port = await freePort();
  const sizes = { "-t": threads, "-tb": threads, "-ngl": gpuLayers, "-np": slots, "-c": slots * slotTokens };
  const args = Object.entries(sizes).flatMap(([name, value]) => [name, String(value)]);
  const child = spawn(program, ["-m", model, ...args, "--host", "127.0.0.1", "--port", String(port), "--no-webui"], {
    stdio: ["ignore", "ignore", "pipe"],
    windowsHide: true,
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-10_000);
  });
  const exited = once(child, "exit");
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill();
    await exited;
  };
  const address = `http://127.0.0.1:${port}`;
  try {
    while (!(await answers(`${address}/health`))) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new UnshiftError("BENCH_PEER", `llama-server ended before it answered: ${lastLines(log)}`);
      }
      await sleep(100, undefined, { signal });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async complete(prompt, maxTokens, request) {
      const response = await fetch(`${address}/completion`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          prompt,
          n_predict: maxTokens,
          // The largest logit and nothing else: the cheapest of its samplers for a greedy answer.
          ...{ temperature: 0, top_k: 1, samplers: ["top_k"] },
          ...{ ignore_eos: true, cache_prompt: false, return_tokens: true },
        }),
        signal: request,
      });
      if (!response.ok) {
        throw new UnshiftError(
          "BENCH_PEER",
          `llama-server refused a prompt (${response.status}): ${await response.text()}`,
        );
      }
      const { tokens } = (await response.json()) as { readonly tokens: number[] };
      return tokens;
    },
    stop,
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch (error) {
    // Not listening yet; what else goes wrong shows in its exit.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port of 127.0.0.1 is free");
  return address.port;
}
