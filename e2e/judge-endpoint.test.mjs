import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { builtinModels } from "@unshift/tiny-models";
import test from "ava";
import { llamaServer } from "../native/scripts/build-llama-server.mjs";
import { unshift, workFolder } from "./unshift.mjs";

const key = "sk-canary-5f1d0c7e9b3a4862";
const env = { JUDGE_KEY: key };
const items = 16;
const requests = items * 2;

/** A judge as somebody outside would write it: it asks two things of every answer at once, and adds nothing to the reply. */
const asker = `
const schema = { type: "object", properties: { score: { type: "integer", minimum: 1, maximum: 5 } }, required: ["score"], additionalProperties: false };
const aspects = ["helpful", "clear"].map((id) => ({ id, title: id, min: 1, max: 5, meaning: id }));
export default { name: "acme-asker", contract: "^1", judges: { "acme/asker": { summary: "Asks", create: () => ({
  version: "1", asks: true, aspects,
  async judge({ sample, answer }, _signal, ask) {
    const replies = await Promise.all(aspects.map(({ id }) => ask({ id, schema, maxTokens: 200, temperature: 0, messages: [
      { role: "user", content: JSON.stringify([id, sample.id, answer.system, answer.text]) } ] })));
    const scores = {};
    for (const [index, { text }] of replies.entries()) {
      try { scores[aspects[index].id] = JSON.parse(text).score; }
      catch (error) { return { status: "unparsed", reason: error.message, raw: text }; }
    }
    return { status: "scored", scores };
  } }) } } };
`;

const experiment = (engine) => `name: judged
plugins: ["./asker.mjs"]
models:
  base: { path: "builtin:tiny-base" }
  aligned: { path: "builtin:tiny-aligned" }
dataset: { use: builtin, limit: ${items / 2}, seed: 3 }
decoding: { maxTokens: 16 }
systems:
  aligned: { model: aligned, strategy: chat }
  zero-shot: { model: base, strategy: zero-shot }
judges:
  - { use: acme/asker, engine: endpoint, id: asker }
judgeEngines:
  endpoint: { use: openai, model: small, apiKey: "\${JUDGE_KEY}", ${engine} }
report: { formats: [] }
output: ./run
`;

/** What the endpoint thinks of a request: something that another request does not get by chance alone. */
const scoreOf = (content) => (Buffer.from(content).reduce((sum, byte) => (sum * 31 + byte) % 65521, 7) % 5) + 1;

/** A chat endpoint that counts the whole replies it gave to each request: what is paid for. */
async function endpoint(t, behave, { tls } = {}) {
  const tries = new Map();
  const paid = new Map();
  const handler = (request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      const { content } = JSON.parse(Buffer.concat(pieces)).messages[0];
      tries.set(content, (tries.get(content) ?? 0) + 1);
      const reply = () => {
        paid.set(content, (paid.get(content) ?? 0) + 1);
        send(response, 200, {
          model: "small-1",
          choices: [{ index: 0, message: { content: `{"score": ${scoreOf(content)}}` }, finish_reason: "stop" }],
          usage: { prompt_tokens: 20, completion_tokens: 5 },
        });
      };
      behave({ response, reply, content, authorization: request.headers.authorization, nth: tries.get(content) });
    });
  };
  const server = tls === undefined ? createServer(handler) : createTlsServer(tls, handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const counts = (map) => [...map.values()].reduce((sum, count) => sum + count, 0);
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${server.address().port}/v1`,
    tries: () => counts(tries),
    paid,
  };
}

const send = (response, status, body, headers = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

const jsonl = async (file) =>
  (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Every request paid once, every verdict there once, with the scores of its own answer, read from kept replies. */
async function wholeAndOnce(t, folder, { paid }) {
  t.is(paid.size, requests);
  t.deepEqual([...new Set(paid.values())], [1], "no reply was paid for twice");
  const replies = await jsonl(join(folder, "run/replies.jsonl"));
  t.is(new Set(replies.map((record) => record.key)).size, requests);
  t.is(replies.length, requests);
  const answers = await jsonl(join(folder, "run/answers.jsonl"));
  const verdicts = await jsonl(join(folder, "run/verdicts.jsonl"));
  t.is(verdicts.length, items);
  t.is(new Set(verdicts.map(({ system, sampleId }) => `${system} ${sampleId}`)).size, items);
  for (const { system, sampleId, judgement } of verdicts) {
    const { text } = answers.find((answer) => answer.system === system && answer.sampleId === sampleId);
    const score = (aspect) => scoreOf(JSON.stringify([aspect, sampleId, system, text]));
    t.deepEqual(judgement, { status: "scored", scores: { helpful: score("helpful"), clear: score("clear") } });
  }
}

/** Neither the run folder nor what was printed holds the key. */
async function keyNowhere(t, folder, ...outputs) {
  for (const { stdout, stderr } of outputs) t.false(`${stdout}${stderr}`.includes("canary"), stderr);
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath ?? file.path, file.name);
    t.false((await readFile(path)).includes("canary"), path);
  }
}

test.serial(
  "an endpoint that fails half of its requests: no verdict lost, none doubled, the key nowhere",
  async (t) => {
    const faults = [
      ({ response, authorization }) => send(response, 500, { error: { message: `trouble with ${authorization}` } }),
      ({ response }) => send(response, 429, { error: { message: "slow" } }, { "retry-after-ms": "20" }),
      ({ response }) => response.destroy(),
      ({ response }) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "500" }).write('{"choices"');
        setTimeout(() => response.destroy(), 10);
      },
      ({ response }) => response.writeHead(200, { "content-type": "application/json" }).end('{"choices": [{'),
      ({ response }) => send(response, 200, { choices: "none" }),
      // One that hangs, until it is given up.
      () => undefined,
    ];
    let fault = 0;
    let request = 0;
    const due = new Map();
    const server = await endpoint(t, (asked) => {
      // By turns no, one and two failures before a reply: one a request on average.
      if (!due.has(asked.content)) due.set(asked.content, [1, 0, 2][request++ % 3]);
      if (asked.nth > due.get(asked.content)) asked.reply();
      else faults[fault++ % faults.length](asked);
    });
    const engine = `baseURL: "${server.url}", concurrency: 4, timeoutSeconds: 8`;
    const folder = await workFolder(t, { "x.yaml": experiment(engine), "asker.mjs": asker });
    const run = await unshift(["run", "x.yaml", "--json"], { cwd: folder, env });
    t.is(run.code, 0, run.stderr);
    t.true(fault >= requests - 1, `${fault} of ${server.tries()} requests failed`);
    t.true(fault > faults.length, "every fault was met");
    await wholeAndOnce(t, folder, server);
    await keyNowhere(t, folder, run);
    const again = await unshift(["run", "x.yaml", "--json"], { cwd: folder, env });
    t.is(again.code, 0, again.stderr);
    t.is(server.tries(), requests + fault, "a finished run asks nobody");
  },
);

for (const signal of ["SIGKILL", "SIGINT"]) {
  test.serial(`${signal} while judging: the same command continues and repeats no paid request`, async (t) => {
    const state = { open: 11, onHeld: () => undefined };
    const server = await endpoint(t, ({ reply }) => {
      if (state.open > 0) {
        state.open -= 1;
        reply();
      } else state.onHeld();
    });
    // Beyond the eleventh reply requests hang; they end with the process.
    const held = new Promise((resolve) => {
      state.onHeld = resolve;
    });
    const engine = `baseURL: "${server.url}", concurrency: 4`;
    const folder = await workFolder(t, { "x.yaml": experiment(engine), "asker.mjs": asker });
    let child = null;
    const cut = unshift(["run", "x.yaml"], {
      cwd: folder,
      env,
      onStderr: (_text, process) => {
        child = process;
      },
    });
    await held;
    const replies = join(folder, "run/replies.jsonl");
    for (let wait = 0; wait < 400; wait += 1) {
      if (existsSync(replies) && (await readFile(replies, "utf8")).split("\n").length > 11) break;
      await sleep(25);
    }
    child.kill(signal);
    const ended = await cut;
    if (signal === "SIGKILL") t.is(ended.signal, "SIGKILL");
    else t.is(ended.code, 130, ended.stderr);
    t.is((await jsonl(replies)).length, 11, "what was answered was on disk before the signal");
    state.open = Number.POSITIVE_INFINITY;
    const continued = await unshift(["run", "x.yaml", "--json"], { cwd: folder, env });
    t.is(continued.code, 0, continued.stderr);
    await wholeAndOnce(t, folder, server);
    await keyNowhere(t, folder, ended, continued);
  });
}

const refusals = {
  "a wrong key": {
    behave: ({ response, authorization }) =>
      send(response, 401, { error: { message: `Incorrect API key provided: ${authorization}.` } }),
    code: "JUDGE_UNAUTHORIZED",
    message: /refuses the key \(401: Incorrect API key provided: Bearer \[key\]\.\)/,
  },
  "an unknown model": {
    behave: ({ response }) => send(response, 404, { error: { message: "The model `small` does not exist" } }),
    code: "JUDGE_MODEL",
    message: /no model "small" \(404: The model `small` does not exist\)/,
  },
  "a wait longer than allowed": {
    behave: ({ response }) => send(response, 429, { error: { message: "see you" } }, { "retry-after": "7200" }),
    code: "JUDGE_RATE_LIMITED",
    message: /see you\); it asks to wait 7200 s/,
  },
  "an endpoint that is down": {
    behave: ({ response }) => response.destroy(),
    code: "JUDGE_UNREACHABLE",
    message: /cut the connection/,
  },
};

test.serial(
  "what an endpoint refuses for good: exit 3 in its own words, the key masked; mended, it continues",
  async (t) => {
    const state = { behave: () => undefined };
    const server = await endpoint(t, (asked) => state.behave(asked));
    const engine = `baseURL: "${server.url}", concurrency: 4, retries: 1`;
    const folder = await workFolder(t, { "x.yaml": experiment(engine), "asker.mjs": asker });
    const runs = [];
    for (const [name, { behave, code, message }] of Object.entries(refusals)) {
      state.behave = behave;
      const before = server.tries();
      const run = await unshift(["run", "x.yaml", "--json"], { cwd: folder, env });
      t.is(run.code, 3, `${name}: ${run.stderr}`);
      t.is(run.json.error.code, code, name);
      t.regex(run.json.error.message, message);
      t.true(server.tries() - before <= 16, `${name}: ${server.tries() - before} requests before it stopped`);
      runs.push(run);
    }
    state.behave = ({ reply }) => reply();
    const mended = await unshift(["run", "x.yaml", "--json"], { cwd: folder, env });
    t.is(mended.code, 0, mended.stderr);
    await wholeAndOnce(t, folder, server);
    await keyNowhere(t, folder, ...runs, mended);
  },
);

test.serial("a certificate nobody vouches for: exit 3, asked once each, nothing sent", async (t) => {
  const made = await workFolder(t);
  const [keyFile, certificate] = ["key.pem", "cert.pem"].map((name) => join(made, name));
  const subject = ["-subj", "/CN=127.0.0.1", "-days", "2", "-nodes"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-keyout", keyFile, "-out", certificate, ...subject],
    {
      stdio: "ignore",
    },
  );
  const tls = { key: await readFile(keyFile), cert: await readFile(certificate) };
  const server = await endpoint(t, ({ reply }) => reply(), { tls });
  const engine = `baseURL: "${server.url}", concurrency: 4`;
  const folder = await workFolder(t, { "x.yaml": experiment(engine), "asker.mjs": asker });
  const run = await unshift(["run", "x.yaml", "--json"], { cwd: folder, env });
  t.is(run.code, 3, run.stderr);
  t.is(run.json.error.code, "JUDGE_UNREACHABLE");
  t.regex(run.json.error.message, /certificate of 127\.0\.0\.1:\d+ is not trusted \(TLS DEPTH_ZERO_SELF_SIGNED_CERT/);
  t.is(server.tries(), 0);
});

test.serial("no key in the environment, and a key in the file: both told before anything runs", async (t) => {
  const told = async (text, environment) => {
    const folder = await workFolder(t, { "x.yaml": text, "asker.mjs": asker });
    const run = await unshift(["run", "x.yaml", "--json"], { cwd: folder, env: environment });
    t.is(run.code, 2, run.stderr);
    t.is(run.json.error.code, "CONFIG_SECRET");
    t.false(`${run.stdout}${run.stderr}`.includes("canary"));
    t.false(existsSync(join(folder, "run")));
    return run.json.error.message;
  };
  const text = experiment("concurrency: 1");
  t.regex(await told(text, { JUDGE_KEY: "" }), /JUDGE_KEY/);
  t.regex(await told(text.replace("${JUDGE_KEY}", key), env), /judgeEngines\.endpoint\.apiKey is a secret/);
});

/** llama.cpp's server with the tiny model, or null where it was not built. */
async function llama(t) {
  if (!existsSync(llamaServer)) {
    t.not(process.env.UNSHIFT_LLAMA_SERVER, "required", `${llamaServer} is to be there`);
    t.log(`skipped: there is no ${llamaServer}; node native/scripts/build-llama-server.mjs builds it`);
    return null;
  }
  const port = 20_000 + (process.pid % 20_000);
  const child = spawn(
    llamaServer,
    [
      ...[
        "-m",
        builtinModels["tiny-aligned"],
        "--alias",
        "tiny-aligned",
        "--host",
        "127.0.0.1",
        "--port",
        String(port),
      ],
      ...["--api-key", key, "-c", "4096", "-np", "4", "-t", "1", "--offline"],
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  t.teardown(async () => {
    child.kill();
    await ended;
  });
  for (let wait = 0; wait < 600; wait += 1) {
    const up = await fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return `http://127.0.0.1:${port}/v1`;
    if (child.exitCode !== null) break;
    await sleep(100);
  }
  throw new Error(`llama-server does not come up (exit code ${child.exitCode})`);
}

test.serial(
  "llama.cpp's server with the tiny model: every reply has the judge's schema; its own words when it refuses",
  async (t) => {
    const url = await llama(t);
    if (url === null) return;
    const engine = `baseURL: "${url}", concurrency: 4`;
    const folder = await workFolder(t, { "x.yaml": experiment(engine), "asker.mjs": asker });
    const wrong = await unshift(["run", "x.yaml", "--json"], {
      cwd: folder,
      env: { JUDGE_KEY: "sk-wrong-0123456789" },
    });
    t.is(wrong.code, 3, wrong.stderr);
    t.is(wrong.json.error.code, "JUDGE_UNAUTHORIZED");
    t.regex(wrong.json.error.message, /401: Invalid API Key/);
    const batch = ["--set", "judgeEngines.endpoint.batch=true"];
    const batched = await unshift(["run", "x.yaml", "--json", ...batch], { cwd: folder, env });
    t.is(batched.code, 3, batched.stderr);
    t.is(batched.json.error.code, "JUDGE_BATCH_UNSUPPORTED");
    t.regex(batched.json.error.message, /takes no batches \(404: File Not Found\)/);
    const run = await unshift(["run", "x.yaml", "--json"], { cwd: folder, env });
    t.is(run.code, 0, run.stdout);
    const replies = await jsonl(join(folder, "run/replies.jsonl"));
    t.is(replies.length, requests);
    for (const { reply } of replies) {
      t.is(reply.model, "tiny-aligned");
      t.true(reply.tokens.prompt > 0 && reply.tokens.reply > 0);
      t.is(reply.ended, "whole");
      const read = JSON.parse(reply.text);
      t.deepEqual(Object.keys(read), ["score"]);
      t.true(Number.isInteger(read.score) && read.score >= 1 && read.score <= 5);
    }
    const verdicts = await jsonl(join(folder, "run/verdicts.jsonl"));
    t.is(verdicts.length, items);
    await keyNowhere(t, folder, wrong, run);
  },
);
