import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Embedder } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import { type IndexRequest, type OpenIndex, openIndex } from "../src/open-index.js";
import { corpusFolder, filesBelow, readCorpus } from "./support/corpus-folder.js";
import { preparation, wordEmbedder } from "./support/word-embedder.js";

const child = fileURLToPath(new URL("./support/index-child.js", import.meta.url));
/** Seven blocks. */
const size = 6_500;

async function given(t: ExecutionContext, count = size) {
  const made = await corpusFolder(count);
  t.teardown(() => rm(made.folder, { recursive: true, force: true }));
  return made;
}

interface Opened extends OpenIndex {
  readonly notes: readonly string[];
  readonly embedded: readonly string[];
}

async function open(
  { folder, cache }: { readonly folder: string; readonly cache: string },
  kind: IndexRequest["kind"] = "exact",
  embedder: Embedder & { readonly embedded: string[] } = wordEmbedder(),
): Promise<Opened> {
  const work = preparation(cache, embedder);
  const request: IndexRequest = { kind, embedder: { model: "system" }, pooling: null, bm25: undefined };
  const opened = await openIndex(await readCorpus(folder), request, work, work.note);
  return { ...opened, notes: work.notes, embedded: embedder.embedded };
}

const answers = async ({ index }: OpenIndex) =>
  Promise.all(["item 7 of group 7", "colour 3", "nothing known"].map((text) => index.search(text, 5, () => false)));

async function folderOf(cache: string, part: string): Promise<string> {
  const [home = ""] = await readdir(join(cache, "retrieval-icl"));
  const [name = ""] = (await readdir(join(cache, "retrieval-icl", home))).filter((each) => each.startsWith(part));
  return join(cache, "retrieval-icl", home, name);
}

/** Runs the child until it began its block `blocks` and `ms` more, then kills it; behind the next block it would wait for that. */
async function killed(folder: string, cache: string, kind: string, blocks: number, ms: number): Promise<void> {
  const running = spawn(process.execPath, [child, folder, cache, kind, String(blocks + 1)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let begun = 0;
  running.stdout.on("data", (data: Buffer) => {
    const before = begun;
    begun += String(data).split("block\n").length - 1;
    if (before < blocks && begun >= blocks) setTimeout(() => running.kill("SIGKILL"), ms);
  });
  const [, signal] = (await once(running, "exit")) as [number | null, string | null];
  if (signal !== "SIGKILL") throw new Error(`the child was done before it was killed at block ${blocks} + ${ms} ms`);
}

test("killed while indexing, twice, it goes on and ends with the same bytes", async (t) => {
  const { folder, cache } = await given(t);
  const first = 2 + Math.floor(Math.random() * 3);
  const ms = Math.floor(Math.random() * 25);
  await killed(folder, cache, "exact", first, ms);
  await killed(folder, cache, "exact", 1, ms);
  const partial = await folderOf(cache, "rows-");
  t.true(partial.endsWith(".partial") || partial.endsWith(".lock") || partial.endsWith(".tmp"), partial);
  const continued = await open({ folder, cache });
  const whole = await open({ folder, cache: join(folder, "other") });
  const at = `block ${first} + ${ms} ms`;
  t.deepEqual(await filesBelow(cache), await filesBelow(join(folder, "other")), at);
  t.true(
    continued.notes.some((note) => /continues behind the \d000 of 6500 texts/.test(note)),
    `${at}: ${continued.notes}`,
  );
  t.is(whole.embedded.length, size);
  t.true(continued.embedded.length < size, at);
  t.deepEqual(await answers(continued), await answers(whole));
  t.deepEqual(whole.notes, []);
});

test("killed while a graph is built: the rows are kept, the graph is made again, byte by byte the same", async (t) => {
  const { folder, cache } = await given(t);
  await open({ folder, cache });
  const other = join(folder, "other");
  await open({ folder, cache: other }, "hnsw");
  const home = join(await folderOf(cache, "rows-"), "..");
  const graphs = async () => (await readdir(home)).filter((name) => name.startsWith("graph-"));
  // The rows are there, so the child only links. Where it is too quick for this process, it is tried again.
  for (let killedWhileLinking = false; !killedWhileLinking; ) {
    for (const name of await graphs()) await rm(join(home, name), { recursive: true });
    const running = spawn(process.execPath, [child, folder, cache, "hnsw"], { stdio: "ignore" });
    const gone = once(running, "exit");
    while (!(await graphs()).some((name) => name.endsWith(".tmp")) && running.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    running.kill("SIGKILL");
    killedWhileLinking = (await gone)[1] === "SIGKILL" && (await graphs()).some((name) => name.endsWith(".tmp"));
  }
  const { embedded } = await open({ folder, cache }, "hnsw");
  t.is(embedded.length, 0);
  t.deepEqual(await filesBelow(cache), await filesBelow(other));
});

test("two processes at once make one index", async (t) => {
  const { folder, cache } = await given(t);
  const run = async () => {
    const running = spawn(process.execPath, [child, folder, cache, "exact"], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    running.stdout.on("data", (data: Buffer) => {
      said += String(data);
    });
    const [code] = (await once(running, "close")) as [number | null];
    return { code, blocks: said.split("block\n").length - 1, notes: said.split("\n").at(-2) ?? "" };
  };
  const both = await Promise.all([run(), run()]);
  t.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  );
  t.is(
    both.reduce((sum, { blocks }) => sum + blocks, 0),
    7,
  );
  t.true(
    both.some(({ notes }) => notes.includes("another process")),
    JSON.stringify(both),
  );
  await open({ folder, cache: join(folder, "other") });
  t.deepEqual(await filesBelow(cache), await filesBelow(join(folder, "other")));
});

test("an index is found again: nothing is embedded, nothing noted, the answers are the same", async (t) => {
  for (const kind of ["exact", "hnsw", "bm25"] as const) {
    const place = await given(t, 300);
    const made = await open(place, kind);
    const before = await filesBelow(place.cache);
    const found = await open(place, kind);
    t.is(found.embedded.length, 0);
    t.deepEqual(found.notes, []);
    t.deepEqual(await filesBelow(place.cache), before);
    t.deepEqual(await answers(found), await answers(made));
  }
});

const harms: readonly (readonly [string, IndexRequest["kind"], string, (folder: string) => Promise<void>, RegExp])[] = [
  ["a flipped bit", "exact", "rows-", (folder) => flip(join(folder, "rows.f32")), /rows\.f32 is damaged/],
  [
    "a file cut short",
    "exact",
    "rows-",
    (folder) => truncate(join(folder, "rows.f32"), 1_000),
    /rows\.f32 has 1000 bytes/,
  ],
  ["a file gone", "hnsw", "graph-", (folder) => rm(join(folder, "graph.usearch")), /graph\.usearch is missing/],
  ["a damaged graph", "hnsw", "graph-", (folder) => flip(join(folder, "graph.usearch")), /graph\.usearch is damaged/],
  ["no manifest", "exact", "rows-", (folder) => rm(join(folder, "manifest.json")), /manifest\.json is missing/],
  [
    "half a manifest",
    "bm25",
    "words",
    (folder) => truncate(join(folder, "manifest.json"), 20),
    /manifest\.json cannot be read/,
  ],
  ["another format", "bm25", "words", (folder) => change(folder, { version: 0 }), /another format/],
  [
    "another corpus",
    "exact",
    "documents",
    (folder) => change(folder, { of: { documents: "0" } }),
    /another model or from another corpus/,
  ],
  [
    "damaged examples",
    "bm25",
    "documents",
    (folder) => flip(join(folder, "documents.jsonl")),
    /documents\.jsonl is damaged/,
  ],
];

async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

async function change(folder: string, change: object): Promise<void> {
  const file = join(folder, "manifest.json");
  await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, "utf8")) as object), ...change }));
}

for (const [what, kind, part, harm, said] of harms) {
  test(`made again, and said so: ${what}`, async (t) => {
    const place = await given(t, 300);
    const made = await open(place, kind);
    const before = await filesBelow(place.cache);
    await harm(await folderOf(place.cache, part));
    const again = await open(place, kind);
    t.is(again.notes.length, 1);
    t.regex(again.notes[0] ?? "", said);
    t.deepEqual(await filesBelow(place.cache), before);
    t.deepEqual(await answers(again), await answers(made));
  });
}

test("a damaged block of a stopped work is made again", async (t) => {
  const { folder, cache } = await given(t);
  await killed(folder, cache, "exact", 4, 0);
  const home = join(await folderOf(cache, "documents"), "..");
  const [partial = ""] = (await readdir(home)).filter((name) => name.endsWith(".partial"));
  const [block = ""] = (await readdir(join(home, partial))).filter((name) => name.endsWith(".block")).sort();
  await flip(join(home, partial, block));
  const { notes } = await open({ folder, cache });
  t.true(
    notes.some((note) => note.includes("1 of 7 blocks were damaged")),
    notes.join(),
  );
  await open({ folder, cache: join(folder, "other") });
  t.deepEqual(await filesBelow(cache), await filesBelow(join(folder, "other")));
});

test("an index of another model is of no use, and said so; both are kept", async (t) => {
  const place = await given(t, 300);
  await open(place);
  const other = wordEmbedder({ identity: "other", dimensions: 16 });
  const second = await open(place, "exact", other);
  t.is(second.notes.length, 1);
  t.regex(second.notes[0] ?? "", /made by another model or pooling/);
  t.is(second.embedded.length, 300);
  t.like(second.index.provenance, { embedder: "other", dimensions: 16 });
  const third = await open(place);
  t.deepEqual([third.notes, third.embedded], [[], []]);
});

test("progress rises to the number of texts; long texts are counted", async (t) => {
  const place = await given(t, 2_300);
  const work = preparation(place.cache, wordEmbedder({ maxTokens: 3 }));
  await openIndex(
    await readCorpus(place.folder),
    { kind: "hnsw", embedder: { path: "/model.gguf" }, pooling: "cls", bm25: undefined },
    work,
    work.note,
  );
  t.deepEqual(work.asked, [[{ path: "/model.gguf" }, "cls"]]);
  for (const label of ["reading", "embedding", "linking"]) {
    const done = work.told.filter(([said]) => said === `${label} "corpus.jsonl"`);
    t.true(done.length > 0, label);
    t.deepEqual(
      done.map(([, at]) => at),
      done.map(([, at]) => at).toSorted((a, b) => a - b),
    );
    t.deepEqual(done.at(-1)?.slice(1), [2_300, 2_300]);
  }
  t.true(
    work.notes.some((note) => /of 2300 of 2300 instructions only the first 3 tokens/.test(note)),
    work.notes.join(),
  );
});

test("interrupted while waiting for another process, and behind one that is silent", async (t) => {
  const place = await given(t, 50);
  const corpus = await readCorpus(place.folder);
  const home = join(place.cache, "retrieval-icl", corpus.sha256.slice(0, 16));
  await mkdir(home, { recursive: true });
  const lock = join(home, "documents.lock");
  // A holder on another machine: only its silence could tell that it is gone.
  await writeFile(lock, JSON.stringify({ host: "elsewhere", pid: 1, token: "x" }));
  const controller = new AbortController();
  const work = preparation(place.cache, wordEmbedder(), controller.signal);
  const note = (message: string) => {
    work.note(message);
    controller.abort();
  };
  const request: IndexRequest = { kind: "bm25", embedder: { model: "system" }, pooling: null, bm25: undefined };
  await t.throwsAsync(openIndex(corpus, request, work, note), { code: "ABORTED" });
  t.regex(work.notes.join(), /another process/);
  await writeFile(lock, "half a lo");
  const { utimes } = await import("node:fs/promises");
  const longAgo = new Date(Date.now() - 120_000);
  await utimes(lock, longAgo, longAgo);
  await t.notThrowsAsync(open(place, "bm25"));
});

test("a model whose rows are no numbers is refused", async (t) => {
  const place = await given(t, 50);
  const embedder = wordEmbedder();
  const broken = {
    ...embedder,
    embed: async () => ({ rows: new Float32Array(50 * 32).fill(Number.NaN), truncated: 0 }),
  };
  await t.throwsAsync(open(place, "exact", broken), { code: "EMBEDDING_UNSUPPORTED" });
});
