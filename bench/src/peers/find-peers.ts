import { isUnshiftError } from "@unshift/contracts";
import { buildLlamaTools } from "./llama-tools.js";
import { installNodeLlamaCpp } from "./node-llama-cpp.js";
import type { PeerName } from "./peer-name.js";

export interface PeerRequest {
  /** Where packages are installed. */
  readonly folder: string;
  /** What the addon was built for: `cpu`, `cuda`, … */
  readonly gpu: string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

export interface FoundPeers {
  readonly found: ReadonlyMap<PeerName, string>;
  /** Why a peer cannot be had, for people. */
  readonly missing: ReadonlyMap<PeerName, string>;
  readonly versions: Readonly<Record<string, string>>;
}

/** Builds and installs what is asked for and not there yet. */
export async function findPeers(names: ReadonlySet<PeerName>, request: PeerRequest): Promise<FoundPeers> {
  const found = new Map<PeerName, string>();
  const missing = new Map<PeerName, string>();
  const versions: Record<string, string> = {};
  const attempt = async (wanted: readonly PeerName[], work: () => Promise<void>) => {
    if (wanted.length === 0) return;
    try {
      await work();
    } catch (error) {
      if (!isUnshiftError(error) || error.code !== "BENCH_PEER") throw error;
      request.log(error.message);
      for (const name of wanted) missing.set(name, error.message);
    }
  };
  const tools = [...names].filter((name) => name !== "node-llama-cpp");
  await attempt(tools, async () => {
    const built = await buildLlamaTools(tools, request);
    for (const [name, path] of Object.entries(built.paths)) found.set(name as PeerName, path);
    versions["llama.cpp tools"] = built.version;
  });
  await attempt(names.has("node-llama-cpp") ? ["node-llama-cpp"] : [], async () => {
    const installed = await installNodeLlamaCpp(request);
    found.set("node-llama-cpp", installed.entry);
    versions["node-llama-cpp"] = installed.version;
  });
  return { found, missing, versions };
}
