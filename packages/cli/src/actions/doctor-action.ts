import { statfs } from "node:fs/promises";
import { arch, cpus, freemem, platform, totalmem } from "node:os";
import { isUnshiftError, UnshiftError } from "@unshift/contracts";
import { availableMemory, nativeInfo } from "@unshift/engine-llama";
import { errorDocument, reportFailure } from "../output/failure.js";
import { bytes } from "../output/format.js";
import { print, printJson } from "../output/print.js";
import { version } from "../version.js";

export async function doctorAction(args: { readonly json: boolean }): Promise<void> {
  const disk = await statfs(process.cwd());
  const available = await availableMemory();
  const machine: Machine = {
    unshift: version,
    node: process.versions.node,
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    logicalCores: cpus().length,
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    availableMemoryBytes: available.availableBytes,
    availableMemorySource: available.source,
    freeDiskBytes: disk.bavail * disk.bsize,
  };
  const native = await nativeInfo().catch((error: unknown) => {
    if (isUnshiftError(error)) {
      return error;
    }
    throw error;
  });
  if (native instanceof Error) {
    const fault = new UnshiftError("NATIVE_LOAD_FAILED", native.message, {
      hint: "Run `npm run setup` in the repository; it names missing tools with the command that installs them.",
    });
    if (args.json) {
      printJson({ ...machine, llama: null, addon: null, ...errorDocument(fault) });
      process.exitCode = fault.exitCode;
    } else {
      printRows(machineRows(machine));
      process.exitCode = reportFailure(fault, false);
    }
    return;
  }
  const llama = { version: native.llamaVersion, commit: native.llamaCommit, license: "MIT, The ggml authors" };
  if (args.json) {
    printJson({ ...machine, llama, addon: native });
    return;
  }
  printRows([
    ...machineRows(machine),
    ["llama.cpp", `${llama.version}, commit ${llama.commit} (${llama.license})`],
    ["addon", `built for ${native.gpu}; kernels ${native.kernels}; ${native.defaultThreads} threads by default`],
    ["features", native.systemInfo.trim()],
    ...native.devices.map((device): [string, string] => [
      `device ${device.name}`,
      `${device.description} (${device.type}), ${bytes(device.freeBytes)} free of ${bytes(device.totalBytes)}`,
    ]),
  ]);
}

interface Machine {
  readonly unshift: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly logicalCores: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  /** What models can take: cached files count as free, a cgroup's limit counts. */
  readonly availableMemoryBytes: number;
  readonly availableMemorySource: string;
  readonly freeDiskBytes: number;
}

function machineRows(machine: Machine): [string, string][] {
  return [
    ["unshift", machine.unshift],
    ["node", `${machine.node} on ${machine.platform}`],
    ["cpu", `${machine.cpu}, ${machine.logicalCores} logical cores`],
    [
      "memory",
      `${bytes(machine.availableMemoryBytes)} for models (${machine.availableMemorySource}), ${bytes(machine.freeMemoryBytes)} free, of ${bytes(machine.memoryBytes)}`,
    ],
    ["disk", `${bytes(machine.freeDiskBytes)} free here`],
  ];
}

function printRows(rows: readonly [string, string][]): void {
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, text] of rows) {
    print(`${name.padEnd(width)}  ${text}`);
  }
}
