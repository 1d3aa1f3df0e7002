import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { availableMemory } from "../src/available-memory.js";
import { temporaryFolder } from "./open-tiny.js";

/** A folder that looks like the root of a machine. */
async function machine(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await temporaryFolder(t);
  for (const [name, text] of Object.entries({
    "proc/meminfo": "MemTotal: 900 kB\nMemAvailable:    500 kB\n",
    ...files,
  })) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

const of = async (t: ExecutionContext, files: Readonly<Record<string, string>>) =>
  (await availableMemory(await machine(t, files))).availableBytes / 1024;

test("the kernel's figure, unless a cgroup leaves less", async (t) => {
  t.is(await of(t, {}), 500);
  const group = { "proc/self/cgroup": "0::/a/b\n" };
  t.is(
    await of(t, { ...group, "sys/fs/cgroup/a/b/memory.max": "max\n", "sys/fs/cgroup/a/b/memory.current": "9\n" }),
    500,
  );
  const limited = {
    ...group,
    "sys/fs/cgroup/a/memory.max": `${300 * 1024}\n`,
    "sys/fs/cgroup/a/memory.current": `${250 * 1024}\n`,
  };
  t.is(await of(t, limited), 50);
  // Cached files can go.
  const stat = `anon 1\nactive_file ${30 * 1024}\ninactive_file ${70 * 1024}\n`;
  t.is(await of(t, { ...limited, "sys/fs/cgroup/a/memory.stat": stat }), 150);
  t.is(await of(t, { ...limited, "sys/fs/cgroup/memory.max": "1024", "sys/fs/cgroup/memory.current": "2048" }), 0);
});

test("a cgroup of the first version", async (t) => {
  const files = {
    "proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory:/y\n",
    "sys/fs/cgroup/memory/y/memory.limit_in_bytes": `${200 * 1024}`,
    "sys/fs/cgroup/memory/y/memory.usage_in_bytes": `${180 * 1024}`,
    "sys/fs/cgroup/memory/y/memory.stat": `cache 0\ntotal_active_file 0\ntotal_inactive_file ${20 * 1024}\n`,
    "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
    "sys/fs/cgroup/memory/memory.usage_in_bytes": "1024",
  };
  const { availableBytes, source } = await availableMemory(await machine(t, files));
  t.is(availableBytes / 1024, 40);
  t.is(source, "the limit of the cgroup");
});

test("this machine has some", async (t) => {
  const { device, availableBytes } = await availableMemory();
  t.is(device, "CPU");
  t.true(availableBytes > 2 ** 20);
});
