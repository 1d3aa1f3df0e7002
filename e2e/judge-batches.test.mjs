import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "ava";
import { unshift, workFolder } from "./unshift.mjs";

const key = "sk-canary-7c1e94d05b8a2f63";
const env = { JUDGE_KEY: key };
const items = 8;

/** A judge that asks two things at once, and a third that hangs on their replies. */
const asker = `
export default { name: "acme-asker", contract: "^1", judges: { "acme/asker": { summary: "Asks", create: () => ({
  version: "1", asks: true, aspects: [{ id: "sum", title: "sum", min: 0, max: 100, meaning: "sum of scores" }],
  async judge({ sample, answer }, _signal, ask) {
    const put = (id, content) => ask({ id, maxTokens: 20, temperature: 0, messages: [{ role: "user", content }] });
    const about = JSON.stringify([sample.id, answer.system, answer.text]);
    const two = await Promise.all([put("one", "one " + about), put("two", "two " + about)]);
    const three = await put("three", "three " + two.map(({ text }) => text).join() + about);
    return { status: "scored", scores: { sum: [...two, three].reduce((sum, { text }) => sum + Number(text), 0) } };
  } }) } } };
`;
const requests = items * 3;

const experiment = (url, more = "") => `name: judged
plugins: ["./asker.mjs"]
models:
  base: { path: "builtin:tiny-base" }
  aligned: { path: "builtin:tiny-aligned" }
dataset: { use: builtin, limit: ${items / 2}, seed: 3 }
decoding: { maxTokens: 8 }
systems:
  aligned: { model: aligned, strategy: chat }
  zero-shot: { model: base, strategy: zero-shot }
judges:
  - { use: acme/asker, engine: grader, id: asker }
judgeEngines:
  grader:
    use: openai
    model: small
    baseURL: "${url}"
    apiKey: "\${JUDGE_KEY}"
    prices: { prompt: 1000000, reply: 1000000 }
    batch: { maxRequests: 12, pollSeconds: 0.05 }
${more}report: { formats: [] }
output: ./run
`;

const scoreOf = (content) => String((Buffer.from(content).reduce((sum, byte) => (sum * 31 + byte) % 65521, 7) % 5) + 1);

/** Files, Batches and chat completions; counts how often each request was done. `state.hold`: batches do not end. */
async function endpoint(t) {
  const files = new Map();
  const batches = [];
  const paid = new Map();
  const state = { hold: false, onHeld: () => undefined, batches };
  const done = (content) => {
    paid.set(content, (paid.get(content) ?? 0) + 1);
    const message = { content: scoreOf(content) };
    const usage = { prompt_tokens: 10, completion_tokens: 2 };
    return { model: "small-1", choices: [{ index: 0, message, finish_reason: "stop" }], usage };
  };
  const keep = (text) => {
    files.set(`file-${files.size}`, text);
    return `file-${files.size - 1}`;
  };
  const routes = {
    "POST files": (body) => {
      const boundary = body.slice(0, body.indexOf("\r\n"));
      const part = body.split(boundary).find((each) => /name="file"/.test(each));
      return { id: keep(part.slice(part.indexOf("\r\n\r\n") + 4, part.lastIndexOf("\r\n"))) };
    },
    "POST batches": (body) => {
      const { input_file_id } = JSON.parse(body);
      const lines = files.get(input_file_id).trim().split("\n");
      const request_counts = { total: lines.length, completed: 0, failed: 0 };
      batches.push({ id: `batch_${batches.length}`, input_file_id, status: "in_progress", request_counts, lines });
      return { ...batches.at(-1), lines: undefined };
    },
    "GET batches": (_body, id) => {
      const batch = batches.find((each) => each.id === id);
      if (state.hold) state.onHeld();
      else if (batch.status === "in_progress") {
        const answers = batch.lines.map((line) => {
          const { custom_id, body } = JSON.parse(line);
          return JSON.stringify({ custom_id, response: { status_code: 200, body: done(body.messages[0].content) } });
        });
        const request_counts = { ...batch.request_counts, completed: answers.length };
        Object.assign(batch, { status: "completed", output_file_id: keep(answers.join("\n")), request_counts });
      }
      return { ...batch, lines: undefined };
    },
    "GET files": (_body, id) => files.get(id),
    "POST chat": (body) => done(JSON.parse(body).messages[0].content),
  };
  const server = createServer((request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      const [, , what, id] = request.url.split("/");
      const answer = routes[`${request.method} ${what}`](Buffer.concat(pieces).toString(), id);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}/v1`, state, paid };
}

const jsonl = async (file) =>
  (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

async function wholeAndOnce(t, folder, { paid }) {
  t.is(paid.size, requests);
  t.deepEqual([...new Set(paid.values())], [1], "no request was paid for twice");
  const verdicts = await jsonl(join(folder, "run/verdicts.jsonl"));
  t.is(verdicts.length, items);
  t.true(verdicts.every(({ judgement }) => judgement.status === "scored"));
}

async function keyNowhere(t, folder, ...outputs) {
  for (const { stdout, stderr } of outputs) t.false(`${stdout}${stderr}`.includes("canary"), stderr);
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath ?? file.path, file.name);
    t.false((await readFile(path)).includes("canary"), path);
  }
}

for (const signal of ["SIGKILL", "SIGINT"]) {
  test.serial(
    `${signal} while a batch is under way: \`judge\` and \`run\` read on, and nothing is paid twice`,
    async (t) => {
      const server = await endpoint(t);
      const folder = await workFolder(t, { "x.yaml": experiment(server.url), "asker.mjs": asker });
      const held = new Promise((resolve) => {
        server.state.onHeld = resolve;
      });
      server.state.hold = true;
      let child = null;
      const cut = unshift(["run", "x.yaml"], {
        cwd: folder,
        env,
        onStderr: (_text, process) => {
          child = process;
        },
      });
      await held;
      child.kill(signal);
      const ended = await cut;
      if (signal === "SIGKILL") t.is(ended.signal, "SIGKILL");
      else {
        t.is(ended.code, 130, ended.stderr);
        t.regex(
          ended.stderr,
          /2 batches \(batch_0, batch_1\) with 16 requests go on at 127\.0\.0\.1:\d+; the same command reads the replies/,
        );
        t.regex(ended.stderr, /the same command continues/);
      }
      const sent = server.state.batches.length;
      t.is(sent, 2, "two of each item, twelve in a batch");
      server.state.hold = false;
      const continued = await unshift(["judge", "x.yaml", "--json"], { cwd: folder, env });
      t.is(continued.code, 0, continued.stderr);
      t.regex(continued.stderr, /2 batches \(batch_0, batch_1\) of an earlier sitting: 16 requests not sent again/);
      t.is(server.state.batches.length, sent + 1, "and one for what hung on their replies");
      await wholeAndOnce(t, folder, server);
      const replies = await jsonl(join(folder, "run/replies.jsonl"));
      t.deepEqual([...new Set(replies.map(({ batch }) => batch))].toSorted(), ["batch_0", "batch_1", "batch_2"]);
      const again = await unshift(["run", "x.yaml", "--json"], { cwd: folder, env });
      t.is(again.code, 0, again.stderr);
      t.is(server.state.batches.length, sent + 1, "a finished run asks nobody");
      await keyNowhere(t, folder, ended, continued, again);
    },
  );
}

test.serial("batches and single requests share their replies; a budget is looked at before the upload", async (t) => {
  const server = await endpoint(t);
  const folder = await workFolder(t, { "x.yaml": experiment(server.url), "asker.mjs": asker });
  const few = ["--limit", "2", "--set", "judgeEngines.grader.batch=false"];
  const single = await unshift(["run", "x.yaml", "--json", ...few], { cwd: folder, env });
  t.is(single.code, 0, single.stderr);
  t.is(server.state.batches.length, 0);
  const poor = ["--set", "judgeEngines.grader.budget.money=200"];
  const refused = await unshift(["run", "x.yaml", "--json", ...poor], { cwd: folder, env });
  t.is(refused.code, 3, refused.stderr);
  t.is(refused.json.error.code, "JUDGE_BUDGET");
  // 12 requests by themselves, of 12 tokens at a price of 1.
  t.regex(refused.json.error.message, /a batch of 8 requests may cost up to [\d.]+, and of 200 are 144\.0000 spent/);
  t.is(server.state.batches.length, 0, "nothing was sent");
  const whole = await unshift(["run", "x.yaml", "--json"], { cwd: folder, env });
  t.is(whole.code, 0, whole.stderr);
  t.is(server.state.batches.length, 2);
  await wholeAndOnce(t, folder, server);
  await keyNowhere(t, folder, single, refused, whole);
});
