// Indexes `corpus.jsonl` of a folder in a process of its own, so that a test can kill it: FOLDER CACHE KIND [STALL].
// At its block STALL it waits for ever, so that it cannot be done before it is killed.
import { setTimeout as after } from "node:timers/promises";
import { openIndex } from "../../src/open-index.js";
import { readCorpus } from "./corpus-folder.js";
import { preparation, wordEmbedder } from "./word-embedder.js";

const [folder = "", cache = "", kind = "exact", stall = "0"] = process.argv.slice(2);
let blocks = 0;
const fast = wordEmbedder();
const slow = {
  ...fast,
  embed: async (...[texts, options]: Parameters<typeof fast.embed>) => {
    process.stdout.write("block\n");
    blocks += 1;
    await after(blocks === Number(stall) ? 3_600_000 : 20);
    return fast.embed(texts, options);
  },
};
const work = preparation(cache, slow);
await openIndex(
  await readCorpus(folder),
  { kind: kind === "hnsw" ? "hnsw" : "exact", embedder: { model: "system" }, pooling: null, bm25: undefined },
  work,
  work.note,
);
process.stdout.write(`${JSON.stringify(work.notes)}\n`);
