import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";

/** The machine a figure was taken on. */
export interface Machine {
  readonly cpu: string;
  /** Processors the system shows, and those this process may use. */
  readonly logicalCores: number;
  readonly usableCores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Devices llama.cpp sees besides the processor. */
  readonly devices: readonly string[];
}

export function machineFacts(devices: readonly string[]): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    logicalCores: cpus().length,
    usableCores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${distribution() ?? platform()}, kernel ${release()}, ${arch()}`,
    node: process.versions.node,
    devices,
  };
}

function distribution(): string | null {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? null;
  } catch {
    // Not a Linux, or one without the file: the platform's name has to do.
    return null;
  }
}
