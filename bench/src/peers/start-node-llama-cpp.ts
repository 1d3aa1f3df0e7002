import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { UnshiftError } from "@unshift/contracts";
import type { NodeLlamaCppReply, NodeLlamaCppRequest } from "./node-llama-cpp-messages.js";

type Reply<Done> = Extract<NodeLlamaCppReply, { readonly done: Done }>;

/** A process in which node-llama-cpp has a model open. One request at a time. */
export interface RunningNodeLlamaCpp {
  generate(prompts: readonly (readonly number[])[], maxTokens: number): Promise<Reply<"generated">>;
  logprobs(
    prompt: readonly number[],
    answer: readonly number[],
    through: Extract<NodeLlamaCppRequest, { do: "logprobs" }>["through"],
  ): Promise<Reply<"logprobs">>;
  stop(): Promise<void>;
}

/** @param entry the package's entry module. Throws BENCH_PEER where the package cannot do what it is asked. */
export async function startNodeLlamaCpp(
  entry: string,
  model: Omit<Extract<NodeLlamaCppRequest, { do: "open" }>, "do">,
  signal: AbortSignal,
): Promise<RunningNodeLlamaCpp> {
  const script = fileURLToPath(new URL("./node-llama-cpp-process.js", import.meta.url));
  const child = fork(script, [entry], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const exited = once(child, "exit");
  const ask = async <Done extends NodeLlamaCppReply["done"]>(
    request: NodeLlamaCppRequest,
    wanted: Done,
  ): Promise<Reply<Done>> => {
    child.send(request);
    const [reply] = (await Promise.race([
      once(child, "message", { signal }),
      exited.then(([code]) => [{ done: "failed", message: `it ended with exit code ${code}. ${log.slice(-500)}` }]),
    ])) as [NodeLlamaCppReply];
    if (reply.done === wanted) return reply as Reply<Done>;
    const why = reply.done === "failed" ? reply.message : `it answered "${reply.done}" where "${wanted}" was expected`;
    throw new UnshiftError("BENCH_PEER", `node-llama-cpp could not ${request.do}: ${why}`);
  };
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill();
    await exited;
  };
  try {
    await ask({ do: "open", ...model }, "opened");
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    generate: (prompts, maxTokens) => ask({ do: "generate", prompts, maxTokens }, "generated"),
    logprobs: (prompt, answer, through) => ask({ do: "logprobs", prompt, answer, through }, "logprobs"),
    stop,
  };
}
