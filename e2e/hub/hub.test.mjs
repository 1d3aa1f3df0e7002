import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { builtinModels } from "@unshift/tiny-models";
import test from "ava";
import { experiment, unshift, workFolder } from "../unshift.mjs";

const commit = "ab".repeat(20);

/** A hub with one model repository and one dataset repository; notes which files' bytes were asked for. */
async function loopbackHub(t) {
  const model = await readFile(builtinModels["tiny-base"]);
  const questions = [0, 1, 2].map((id) =>
    JSON.stringify({
      id,
      instruction: `What is ${id} plus one?`,
      dataset: "lima",
      category: "regular",
      task: ["math"],
    }),
  );
  const pairs = ["What is snow?|Frozen rain.", "Who paints?|A painter.", "Where do fish live?|In water."].map((row) => {
    const [instruction, output] = row.split("|");
    return JSON.stringify({ instruction, output });
  });
  const files = {
    "/datasets/acme/pairs/train.jsonl": Buffer.from(pairs.join("\n")),
    "/acme/tiny/tiny.gguf": model,
    "/datasets/re-align/just-eval-instruct/test_all_with_tags.jsonl": Buffer.from(questions.join("\n")),
  };
  const transfers = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://hub.test");
    const api = /^\/api\/datasets\/(re-align\/just-eval-instruct|acme\/pairs)\/(revision|tree)\//.exec(url.pathname);
    if (api) {
      const tree = [{ type: "file", path: api[1] === "acme/pairs" ? "train.jsonl" : "test_all_with_tags.jsonl" }];
      response.end(JSON.stringify(api[2] === "revision" ? { sha: commit } : tree));
      return;
    }
    const content = files[url.pathname.replace(/\/resolve\/[^/]+/, "")];
    if (content === undefined) {
      response.writeHead(404, { "x-error-code": "RepoNotFound" }).end();
      return;
    }
    const etag = createHash("sha256").update(content).digest("hex");
    response.writeHead(200, { "x-repo-commit": commit, etag: `"${etag}"`, "content-length": content.length });
    if (request.method === "GET") transfers.push(url.pathname);
    response.end(request.method === "GET" ? content : undefined);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    });
  t.teardown(close);
  return { endpoint: `http://127.0.0.1:${server.address().port}`, transfers, close };
}

test("models and datasets of the hub: pull, run, run offline without the hub", async (t) => {
  const hub = await loopbackHub(t);
  const text = experiment({ dataset: "{ use: just-eval, limit: 2 }", shifts: "[zero-shot]" })
    .replace('"builtin:tiny-base"', '"hf:acme/tiny/tiny.gguf"')
    .replace("maxTokens: 96", "maxTokens: 8")
    .replace(
      "systems:\n",
      `systems:
  near:
    model: base
    strategy:
      use: retrieval-icl
      k: 2
      corpus: { use: hf, repo: acme/pairs, train: { split: train } }
      embedder: "hf:acme/tiny/tiny.gguf"
`,
    );
  const folder = await workFolder(t, { "x.yaml": text });
  const env = {
    HF_ENDPOINT: hub.endpoint,
    HF_HOME: join(folder, "hf"),
    HF_TOKEN: "hf_secret_of_the_test",
    HF_HUB_OFFLINE: "",
    HF_HUB_CACHE: "",
    UNSHIFT_CACHE: join(folder, "cache"),
  };

  const early = await unshift(["pull", "x.yaml", "--offline", "--json"], { cwd: folder, env });
  t.is(early.code, 3);
  t.is(early.json.error.code, "HUB_OFFLINE");

  const pulled = await unshift(["pull", "x.yaml", "--json"], { cwd: folder, env });
  t.is(pulled.code, 0, pulled.stderr);
  t.like(pulled.json.models.base, { repo: "acme/tiny", revision: "main", commit, files: ["tiny.gguf"] });
  t.true(pulled.json.models.base.path.endsWith(`hub/models--acme--tiny/snapshots/${commit}/tiny.gguf`));
  t.like(pulled.json.dataset.provenance, { repo: "re-align/just-eval-instruct", commit });
  t.is(hub.transfers.length, 3, "the model, the questions, the strategy's corpus");

  const single = await unshift(["pull", "hf:acme/tiny/tiny.gguf"], { cwd: folder, env });
  t.is(single.code, 0, single.stderr);
  t.true(single.stdout.includes(commit));
  t.is(hub.transfers.length, 3, "what is there is not transferred again");

  await hub.close();
  const down = await unshift(["run", "x.yaml", "--json"], { cwd: folder, env: { ...env, HF_HUB_OFFLINE: "0" } });
  t.is(down.code, 3);
  t.is(down.json.error.code, "HUB_UNREACHABLE");
  t.true(down.json.error.message.includes(new URL(hub.endpoint).host));

  const ran = await unshift(["run", "x.yaml", "--offline", "--json"], { cwd: folder, env });
  t.is(ran.code, 0, ran.stderr);
  t.is(ran.json.systems["zero-shot"].answers, 2);
  t.is(ran.json.systems.near.answers, 2, "corpus and embedder came with pull");
  const manifest = JSON.parse(await readFile(join(folder, "run", "manifest.json"), "utf8"));
  t.like(manifest.models.base, { source: "hf:acme/tiny/tiny.gguf", origin: { repo: "acme/tiny", commit } });
  t.is(manifest.dataset.provenance.commit, commit);
  t.true(manifest.notes.some((note) => /limited: 2 of the dataset's 3/.test(note)));

  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath ?? entry.path, entry.name));
    t.false(content.includes("hf_secret_of_the_test"), entry.name);
  }
  await writeFile(join(folder, "y.yaml"), text.replace("hf:acme/tiny/tiny.gguf", "hf:acme/tiny"));
  const bad = await unshift(["plan", "y.yaml", "--json"], { cwd: folder, env });
  t.is(bad.code, 2);
  t.regex(bad.json.error.message, /hf:OWNER\/REPO\/FILE\.gguf/);
});
