/** Process of its own: prints what a model and a context said they take, and by how much the process grew at most. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { loadModel } from "../../load.mjs";
import { randomIds } from "./models.mjs";

const status = (/** @type {string} */ name) =>
  Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024;
const path = process.argv[2] ?? "";
const would = await loadModel(path, { sizesOnly: true });
const sizes = would.createContext({ contextSize: 4096 });
const said = sizes.memoryBytes + would.memory.reduce((sum, { bytes }) => sum + bytes, 0);
const before = status("VmRSS");
const model = await loadModel(path, { mmap: false });
const context = model.createContext({ contextSize: 4096 });
await context.score({ tokens: randomIds(1, 4096), from: 1 });
console.log(JSON.stringify({ said, grown: status("VmHWM") - before }));
