import { spawn } from "node:child_process";
import { join } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { repository } from "../repository.js";
import type { PeerRequest } from "./find-peers.js";
import type { PeerName } from "./peer-name.js";

export interface LlamaTools {
  /** Absolute path of each program. */
  readonly paths: Readonly<Record<string, string>>;
  readonly version: string;
}

/** llama.cpp's programs, built on first use beside the addon and from the same libraries. Throws BENCH_PEER. */
export async function buildLlamaTools(names: readonly PeerName[], request: PeerRequest): Promise<LlamaTools> {
  request.log(`building ${names.join(", ")} where they are not there yet (the first time takes minutes)`);
  const script = join(repository, "native", "scripts", "build-llama-tools.mjs");
  const { code, stdout, stderr } = await output(process.execPath, [script, ...names], request.signal);
  if (code !== 0) {
    throw new UnshiftError("BENCH_PEER", `llama.cpp's ${names.join(", ")} could not be built: ${lastLines(stderr)}`, {
      hint: `\`node native/scripts/build-llama-tools.mjs ${names.join(" ")}\` in the repository shows the whole build.`,
    });
  }
  const lines = stdout.trim().split("\n");
  return {
    paths: Object.fromEntries(names.map((name, index) => [name, lines[index] ?? ""])),
    version: "built with the addon, from its llama.cpp libraries",
  };
}

/** Everything a command wrote, and how it ended. Aborting ends it. */
export async function output(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
  options: { readonly cwd?: string } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(command, args, { ...options, signal, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  const written = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    written.stderr += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, ...written };
}

/** The end of a program's log: where it says why. */
export function lastLines(text: string): string {
  return text.trim().split("\n").slice(-4).join("\n  ");
}
