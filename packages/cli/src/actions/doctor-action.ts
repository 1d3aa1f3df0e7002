import { statfs } from "node:fs/promises";
import { arch, cpus, freemem, platform, totalmem } from "node:os";
import { isUnshiftError, UnshiftError } from "@unshift/contracts";
import { nativeInfo } from "@unshift/engine-llama";
import { bytes } from "../output/format.js";
import { print, printJson } from "../output/print.js";
import { version } from "../version.js";

export async function doctorAction(args: { readonly json: boolean }): Promise<void> {
  const disk = await statfs(process.cwd());
  const machine = {
    unshift: version,
    node: process.versions.node,
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    logicalCores: cpus().length,
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    freeDiskBytes: disk.bavail * disk.bsize,
  };
  const native = await nativeInfo().catch((error: unknown) => {
    if (isUnshiftError(error)) {
      return error;
    }
    throw error;
  });
  if (native instanceof Error) {
    throw new UnshiftError("NATIVE_LOAD_FAILED", native.message, { hint: native.hint, cause: native });
  }
  const llama = { version: native.llamaVersion, commit: native.llamaCommit, license: "MIT, The ggml authors" };
  if (args.json) {
    printJson({ ...machine, llama, addon: native });
    return;
  }
  const rows: [string, string][] = [
    ["unshift", machine.unshift],
    ["node", `${machine.node} on ${machine.platform}`],
    ["cpu", `${machine.cpu}, ${machine.logicalCores} logical cores, ${native.defaultThreads} threads by default`],
    ["memory", `${bytes(machine.freeMemoryBytes)} free of ${bytes(machine.memoryBytes)}`],
    ["disk", `${bytes(machine.freeDiskBytes)} free here`],
    ["llama.cpp", `${llama.version}, commit ${llama.commit} (${llama.license})`],
    ["addon", `built for ${native.gpu}; kernels ${native.kernels}`],
    ["features", native.systemInfo.trim()],
    ...native.devices.map((device): [string, string] => [
      `device ${device.name}`,
      `${device.description} (${device.type}), ${bytes(device.freeBytes)} free of ${bytes(device.totalBytes)}`,
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, text] of rows) {
    print(`${name.padEnd(width)}  ${text}`);
  }
}
