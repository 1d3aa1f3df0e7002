import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { type HubRepo, isUnshiftError, type UnshiftError } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import { hubSettings } from "../src/hub-settings.js";
import { commit, gitSha1, hubServer } from "./hub-server.js";

const repo: HubRepo = { type: "model", name: "acme/thing", revision: "main" };
const large = Buffer.alloc(200_000, "the large file, again and again. ");
const small = Buffer.from('{"instruction":"hello"}\n');
const files = {
  "model.gguf": large,
  "data/small.jsonl": small,
  "README.md": Buffer.from("# thing\n"),
  "empty.txt": Buffer.alloc(0),
};
const signal = new AbortController().signal;
const sha256 = createHash("sha256").update(large).digest("hex");

async function fault(t: ExecutionContext, promise: Promise<unknown>): Promise<UnshiftError> {
  const error = await t.throwsAsync(promise);
  if (!isUnshiftError(error)) throw new Error("not a coded error", { cause: error });
  return error;
}

const bytesAsked = (seen: readonly { method: string }[]) => seen.filter(({ method }) => method === "GET").length;

test("a file lands in the layout of Python's cache: blob by hash, link in the snapshot, ref", async (t) => {
  const server = await hubServer(t, files);
  const progress: number[] = [];
  const found = await server
    .open({ onProgress: ({ doneBytes }) => progress.push(doneBytes) })
    .fetch(repo, "model.gguf", signal);
  const folder = join(server.cacheDir, "models--acme--thing");
  t.deepEqual(found, { path: join(folder, "snapshots", commit, "model.gguf"), commit });
  t.deepEqual(await readFile(found.path), large);
  t.is(await readlink(found.path), `../../blobs/${sha256}`);
  t.is(await readFile(join(folder, "refs", "main"), "utf8"), commit);
  t.is(progress.at(-1), large.length);
  t.deepEqual(await readdir(join(folder, "blobs")), [sha256], "no lock and no partial file stays");
});

test("small files are named by git's hash, nested ones link upwards, empty ones exist; datasets have their own folder", async (t) => {
  const server = await hubServer(t, files);
  const hub = server.open();
  const dataset: HubRepo = { ...repo, type: "dataset" };
  const found = await hub.fetch(dataset, "data/small.jsonl", signal);
  t.is(found.path, join(server.cacheDir, "datasets--acme--thing", "snapshots", commit, "data", "small.jsonl"));
  t.is(await readlink(found.path), `../../../blobs/${gitSha1(small)}`);
  t.deepEqual(await readFile(found.path), small);
  t.is((await stat((await hub.fetch(dataset, "empty.txt", signal)).path)).size, 0);
});

test("what is cached is not transferred again; a commit is not even asked for", async (t) => {
  const server = await hubServer(t, files);
  await server.open().fetch(repo, "model.gguf", signal);
  const before = bytesAsked(server.seen);
  await server.open().fetch(repo, "model.gguf", signal);
  t.is(bytesAsked(server.seen), before);
  const asked = server.seen.length;
  const pinned = await server.open().fetch({ ...repo, revision: commit }, "model.gguf", signal);
  t.is(server.seen.length, asked);
  t.is(pinned.commit, commit);
});

test("the token goes to the hub and not to the host it redirects to", async (t) => {
  const server = await hubServer(t, files);
  await server.open({ token: "hf_secret" }).fetch(repo, "model.gguf", signal);
  const hosts = (host: string) => server.seen.filter((request) => request.host === host);
  t.true(hosts("hub").length > 0 && hosts("cdn").length > 0);
  t.true(hosts("hub").every(({ authorization }) => authorization === "Bearer hf_secret"));
  t.true(hosts("cdn").every(({ authorization }) => authorization === undefined));
  const written = await readdir(server.cacheDir, { recursive: true, withFileTypes: true });
  for (const entry of written.filter((each) => each.isFile())) {
    t.false((await readFile(join(entry.parentPath, entry.name))).includes("hf_secret"), entry.name);
  }
});

test("a transfer that breaks is continued by Range in the same command", async (t) => {
  const server = await hubServer(t, files, { cutAfter: (request) => (request < 3 ? 40_000 : null) });
  const found = await server.open().fetch(repo, "model.gguf", signal);
  t.deepEqual(await readFile(found.path), large);
  const ranges = server.seen.filter(({ host }) => host === "cdn").map(({ range }) => range);
  t.deepEqual(ranges, [undefined, "bytes=40000-", "bytes=80000-", "bytes=120000-"]);
});

test("a command that gave up leaves what it has, and the next one continues there", async (t) => {
  let broken = true;
  const server = await hubServer(t, files, { cutAfter: (request) => (broken ? (request === 0 ? 70_000 : 0) : null) });
  const error = await fault(t, server.open({ tries: 2 }).fetch(repo, "model.gguf", signal));
  t.is(error.code, "HUB_UNREACHABLE");
  t.is(error.exitCode, 3);
  const blobs = join(server.cacheDir, "models--acme--thing", "blobs");
  t.is((await stat(join(blobs, `${sha256}.unshift.incomplete`))).size, 70_000);
  broken = false;
  const found = await server.open().fetch(repo, "model.gguf", signal);
  t.deepEqual(await readFile(found.path), large);
  t.is(server.seen.at(-1)?.range, "bytes=70000-");
});

for (const range of ["refuse", "ignore"] as const) {
  test(`a host that would ${range} Range is asked from the beginning`, async (t) => {
    const server = await hubServer(t, files, { cutAfter: (request) => (request === 0 ? 50_000 : null), range });
    t.deepEqual(await readFile((await server.open().fetch(repo, "model.gguf", signal)).path), large);
  });
}

test("a left-over that is longer than the file, or of other bytes, does no harm", async (t) => {
  const server = await hubServer(t, files);
  const blobs = join(server.cacheDir, "models--acme--thing", "blobs");
  const partial = join(blobs, `${sha256}.unshift.incomplete`);
  await mkdir(blobs, { recursive: true });
  await writeFile(partial, Buffer.alloc(large.length + 1));
  t.deepEqual(await readFile((await server.open().fetch(repo, "model.gguf", signal)).path), large);
  const other = await hubServer(t, files);
  await mkdir(join(other.cacheDir, "models--acme--thing", "blobs"), { recursive: true });
  await writeFile(
    join(other.cacheDir, "models--acme--thing", "blobs", `${sha256}.unshift.incomplete`),
    Buffer.alloc(1000),
  );
  t.is((await fault(t, other.open().fetch(repo, "model.gguf", signal))).code, "HUB_CHECKSUM");
  t.deepEqual(
    await readFile((await other.open().fetch(repo, "model.gguf", signal)).path),
    large,
    "the second try begins anew",
  );
});

for (const file of ["model.gguf", "data/small.jsonl"]) {
  test(`wrong bytes of ${file} are refused and removed`, async (t) => {
    const server = await hubServer(t, files, { wrongBytes: true });
    const error = await fault(t, server.open().fetch(repo, file, signal));
    t.is(error.code, "HUB_CHECKSUM");
    t.regex(error.message, /hash [0-9a-f]+ instead of [0-9a-f]+/);
    t.deepEqual(await readdir(join(server.cacheDir, "models--acme--thing", "blobs")), []);
    t.is((await fault(t, server.open({ offline: true }).fetch(repo, file, signal))).code, "HUB_OFFLINE");
  });
}

test("401 asks for HF_TOKEN, or says that the token's account has no access; gated says what to do", async (t) => {
  const server = await hubServer(t, files, { always: { status: 401 } });
  const without = await fault(t, server.open().fetch(repo, "model.gguf", signal));
  t.is(without.code, "HUB_UNAUTHORIZED");
  t.regex(without.hint ?? "", /Set HF_TOKEN/);
  const gated = await hubServer(t, files, { always: { status: 403, headers: { "x-error-code": "GatedRepo" } } });
  const error = await fault(t, gated.open({ token: "hf_secret" }).fetch(repo, "model.gguf", signal));
  t.regex(error.message, /gated/);
  t.regex(error.hint ?? "", /accept the terms/);
  t.false(`${error.message}${error.hint}`.includes("hf_secret"));
});

test("404 says what is missing: file (with the nearest), revision, repository", async (t) => {
  const hub = (await hubServer(t, files)).open();
  const file = await fault(t, hub.fetch(repo, "modle.gguf", signal));
  t.is(file.code, "HUB_NOT_FOUND");
  t.regex(file.hint ?? "", /Did you mean "model.gguf"/);
  t.regex((await fault(t, hub.fetch({ ...repo, revision: "v9" }, "model.gguf", signal))).message, /no revision "v9"/);
  t.regex((await fault(t, hub.fetch({ ...repo, name: "acme/other" }, "x", signal))).message, /no model acme\/other/);
});

test("429 is waited out for as long as retry-after says, but not for ever", async (t) => {
  const wait = { status: 429, headers: { "retry-after": "0.2" } };
  const server = await hubServer(t, files, { first: [wait, wait] });
  const begin = performance.now();
  t.deepEqual(await readFile((await server.open().fetch(repo, "README.md", signal)).path), files["README.md"]);
  t.true(performance.now() - begin >= 380);
  const strict = await hubServer(t, files, { always: { status: 429, headers: { "retry-after": "3600" } } });
  const error = await fault(t, strict.open().fetch(repo, "README.md", signal));
  t.is(error.code, "HUB_RATE_LIMITED");
  t.regex(error.message, /3600 s/);
  t.is(strict.seen.length, 1);
  const always = await hubServer(t, files, { always: { status: 429, headers: { "retry-after": "0" } } });
  t.is((await fault(t, always.open({ tries: 3 }).fetch(repo, "README.md", signal))).code, "HUB_RATE_LIMITED");
  t.is(always.seen.length, 3);
});

test("server faults are tried again, then told", async (t) => {
  const server = await hubServer(t, files, { first: [{ status: 503 }, { status: 500 }] });
  await t.notThrowsAsync(server.open().fetch(repo, "README.md", signal));
  const down = await hubServer(t, files, { always: { status: 502 } });
  t.is((await fault(t, down.open({ tries: 2 }).fetch(repo, "README.md", signal))).code, "HUB_RESPONSE");
});

test("a mirror without hash and commit is refused: nothing could be checked", async (t) => {
  const server = await hubServer(t, files, { bare: true });
  t.is((await fault(t, server.open().fetch(repo, "model.gguf", signal))).code, "HUB_RESPONSE");
});

test("a host that falls silent ends in HUB_UNREACHABLE", async (t) => {
  const server = await hubServer(t, files, { silent: true });
  const error = await fault(t, server.open({ timeoutMs: 800, tries: 2 }).fetch(repo, "model.gguf", signal));
  t.is(error.code, "HUB_UNREACHABLE");
  t.regex(error.message, /silent/);
});

test("no host at all: exit 3, the host's name, what to do without it", async (t) => {
  const gone = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => gone.once("listening", resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const server = await hubServer(t, files);
  const error = await fault(
    t,
    server.open({ endpoint: `http://127.0.0.1:${port}`, tries: 2 }).fetch(repo, "model.gguf", signal),
  );
  t.is(error.code, "HUB_UNREACHABLE");
  t.is(error.exitCode, 3);
  t.true(error.message.includes(`127.0.0.1:${port}`));
  t.regex(error.hint ?? "", /--offline.*HF_ENDPOINT.*local path/);
});

test("offline takes what the cache holds and asks nobody", async (t) => {
  const server = await hubServer(t, files);
  await server.open().fetch(repo, "model.gguf", signal);
  await server.open().list(repo, signal);
  const asked = server.seen.length;
  const offline = server.open({ offline: true });
  t.is((await offline.fetch(repo, "model.gguf", signal)).commit, commit);
  t.deepEqual((await offline.list(repo, signal)).files, Object.keys(files).sort());
  const error = await fault(t, offline.fetch(repo, "README.md", signal));
  t.is(error.code, "HUB_OFFLINE");
  t.regex(error.hint ?? "", /unshift pull/);
  t.is((await fault(t, offline.list({ ...repo, type: "dataset" }, signal))).code, "HUB_OFFLINE");
  t.is(server.seen.length, asked);
});

test("a listing follows its pages and pins the commit", async (t) => {
  const server = await hubServer(t, files);
  t.deepEqual(await server.open().list(repo, signal), { commit, files: Object.keys(files).sort() });
});

test("names that would leave the cache are refused before anything is asked", async (t) => {
  const server = await hubServer(t, files);
  const hub = server.open();
  for (const file of ["../x", "/x", "a//b", "a\\b", ""])
    t.is((await fault(t, hub.fetch(repo, file, signal))).code, "HUB_NOT_FOUND");
  for (const name of ["acme", "../x", "a/b/c", "acme/.."])
    t.is((await fault(t, hub.list({ ...repo, name }, signal))).code, "HUB_NOT_FOUND");
  t.is((await fault(t, hub.list({ ...repo, revision: "../../x" }, signal))).code, "HUB_NOT_FOUND");
  t.is(server.seen.length, 0);
});

test("an interrupted download ends as ABORTED", async (t) => {
  const server = await hubServer(t, files, { silent: true });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  t.is((await fault(t, server.open().fetch(repo, "model.gguf", controller.signal))).code, "ABORTED");
});

test("two processes that want the same file transfer it once", async (t) => {
  const server = await hubServer(t, files, { cutAfter: (request) => (request === 0 ? 100_000 : null) });
  const index = new URL("../src/index.js", import.meta.url).href;
  const script = `import { createHub } from ${JSON.stringify(index)};
    const hub = createHub({ endpoint: ${JSON.stringify(server.endpoint)}, token: null, offline: false, cacheDir: ${JSON.stringify(server.cacheDir)}, retryDelayMs: 600 });
    console.log((await hub.fetch(${JSON.stringify(repo)}, "model.gguf", new AbortController().signal)).path);`;
  const run = () => promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  const [one, two] = await Promise.all([run(), run()]);
  t.is(one.stdout, two.stdout);
  t.deepEqual(await readFile(one.stdout.trim()), large);
  t.deepEqual(
    server.seen.filter(({ host }) => host === "cdn").map(({ range }) => range),
    [undefined, "bytes=100000-"],
  );
});

test("the lock of a process that is gone is taken over", async (t) => {
  const server = await hubServer(t, files);
  const { pid } = await new Promise<{ pid: number | undefined }>((resolve) => {
    const child = execFile(process.execPath, ["-e", ""], () => resolve({ pid: child.pid }));
  });
  const blobs = join(server.cacheDir, "models--acme--thing", "blobs");
  await mkdir(blobs, { recursive: true });
  await writeFile(join(blobs, `${sha256}.unshift.lock`), `${(await import("node:os")).hostname()} ${pid} 1`);
  t.deepEqual(await readFile((await server.open().fetch(repo, "model.gguf", signal)).path), large);
});

test("the environment is read as Python's tools read it", (t) => {
  t.deepEqual(
    hubSettings({ HF_HOME: "/data/hf", HF_ENDPOINT: "https://mirror.test/", HF_TOKEN: " t ", HF_HUB_OFFLINE: "1" }),
    {
      endpoint: "https://mirror.test",
      token: "t",
      cacheDir: "/data/hf/hub",
      offline: true,
    },
  );
  t.is(hubSettings({ HF_HUB_CACHE: "/c", HF_HOME: "/h" }).cacheDir, "/c");
  t.is(hubSettings({ XDG_CACHE_HOME: "/x" }).cacheDir, "/x/huggingface/hub");
  t.regex(hubSettings({}).cacheDir, /\.cache\/huggingface\/hub$/);
  t.is(hubSettings({}).endpoint, "https://huggingface.co");
  t.false(hubSettings({ HF_HUB_OFFLINE: "0" }).offline);
});
