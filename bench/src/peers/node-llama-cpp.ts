import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { repository } from "../repository.js";
import type { PeerRequest } from "./find-peers.js";
import { lastLines, output } from "./llama-tools.js";

export interface NodeLlamaCpp {
  /** The package's entry module. */
  readonly entry: string;
  readonly version: string;
}

/**
 * node-llama-cpp with the binary its authors publish, in the version whose llama.cpp ours is built from. It is installed on first use
 * by npm, in a folder of its own: the copy in this repository is there for llama.cpp's source and has no binary. Throws BENCH_PEER.
 */
export async function installNodeLlamaCpp({ folder, gpu, signal, log }: PeerRequest): Promise<NodeLlamaCpp> {
  const version = await pinnedVersion();
  const home = join(folder, `node-llama-cpp-${version}-${gpu}`);
  const entry = join(home, "node_modules", "node-llama-cpp", "dist", "index.js");
  const binaries = binaryPackages(gpu);
  const done = join(home, "installed");
  if (!(await exists(done))) {
    log(`installing node-llama-cpp ${version} with ${binaries.join(", ")} into ${home}`);
    await mkdir(home, { recursive: true });
    await writeFile(join(home, "package.json"), '{ "private": true }\n');
    const packages = ["node-llama-cpp", ...binaries].map((name) => `${name}@${version}`);
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const flags = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
    const run = await output(npm, ["install", ...flags, ...packages], signal, { cwd: home }).catch(notStarted);
    if (run.code !== 0 || !(await exists(entry))) {
      throw new UnshiftError(
        "BENCH_PEER",
        `npm could not install node-llama-cpp ${version}: ${lastLines(run.stderr)}`,
        {
          hint: `npm asks the registry you configured. The command was \`npm install ${packages.join(" ")}\` in ${home}.`,
        },
      );
    }
    await writeFile(done, "");
  }
  return { entry, version: `${version} from npm, with its own binary (${binaries.join(", ")})` };
}

function notStarted(error: NodeJS.ErrnoException): { code: null; stderr: string } {
  if (error.name === "AbortError") throw error;
  return { code: null, stderr: error.message };
}

/** The version the repository takes llama.cpp's source from. */
async function pinnedVersion(): Promise<string> {
  const text = await readFile(join(repository, "native", "package.json"), "utf8");
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  return dependencies["node-llama-cpp"] ?? "latest";
}

/** Names of the packages that hold the binary for this machine and backend. */
function binaryPackages(gpu: string): string[] {
  const system = { linux: "linux", darwin: "mac", win32: "win" }[process.platform as string] ?? process.platform;
  const plain = `@node-llama-cpp/${system}-${process.arch}`;
  if (gpu === "cuda") return [`${plain}-cuda`, `${plain}-cuda-ext`];
  return [gpu === "cpu" ? plain : `${plain}-${gpu}`];
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}
