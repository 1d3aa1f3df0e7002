import { readFile } from "node:fs/promises";
import { freemem } from "node:os";
import { join } from "node:path";
import type { AvailableMemory } from "@unshift/contracts/services";

/** Reads a file of /proc or /sys below `root`; null where there is none. */
type Read = (path: string) => Promise<string | null>;

/**
 * What this process can still take of the machine's memory: the kernel's MemAvailable, which counts cached files as free since they
 * can go, or less where a cgroup limits us; there too, cached files of the group do not count as taken.
 *
 * @param root folder that holds `proc` and `sys`, for tests
 */
export async function availableMemory(root = "/"): Promise<AvailableMemory> {
  const read: Read = (path) => readFile(join(root, path), "utf8").catch(() => null);
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec((await read("proc/meminfo")) ?? "")?.[1];
  if (kibibytes === undefined) {
    return { device: "CPU", availableBytes: process.availableMemory?.() ?? freemem(), source: "free memory" };
  }
  const machine = { device: "CPU", availableBytes: Number(kibibytes) * 1024, source: "MemAvailable" };
  const left = await leftOfGroup(read);
  return left !== null && left < machine.availableBytes
    ? { device: "CPU", availableBytes: left, source: "the limit of the cgroup" }
    : machine;
}

/** The least that a cgroup around this process leaves; null without a limit. */
async function leftOfGroup(read: Read): Promise<number | null> {
  const membership = (await read("proc/self/cgroup")) ?? "";
  const two = /^0::(\/.*)$/m.exec(membership)?.[1];
  const one = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m.exec(membership)?.[1];
  const lefts: number[] = [];
  for (const group of two === undefined ? [] : upwards(two)) {
    lefts.push(...(await left(read, join("sys/fs/cgroup", group), "memory.max", "memory.current")));
  }
  for (const group of one === undefined ? [] : upwards(one)) {
    const folder = join("sys/fs/cgroup/memory", group);
    lefts.push(...(await left(read, folder, "memory.limit_in_bytes", "memory.usage_in_bytes")));
  }
  return lefts.length === 0 ? null : Math.min(...lefts);
}

/** `/a/b` → `/a/b`, `/a`, `/`: every level may set a limit. In a container the group's own path may not be visible, its root is. */
function upwards(group: string): string[] {
  const parts = group.split("/").filter((part) => part !== "");
  return [...parts.keys(), parts.length].map((length) => `/${parts.slice(0, length).join("/")}`).reverse();
}

async function left(read: Read, folder: string, limitFile: string, usageFile: string): Promise<number[]> {
  const limit = Number((await read(join(folder, limitFile))) ?? "max");
  const usage = Number((await read(join(folder, usageFile))) ?? Number.NaN);
  if (!Number.isFinite(limit) || !Number.isFinite(usage)) {
    return [];
  }
  const stat = (await read(join(folder, "memory.stat"))) ?? "";
  const cached = ["active_file", "inactive_file"].map((name) => {
    const value = new RegExp(`^(?:total_)?${name} (\\d+)$`, "m").exec(stat)?.[1];
    return Number(value ?? 0);
  });
  return [Math.max(0, limit - usage + cached.reduce((sum, bytes) => sum + bytes, 0))];
}
