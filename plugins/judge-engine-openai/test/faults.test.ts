import { createServer, type ServerResponse } from "node:http";
import type { ErrorCode } from "@unshift/contracts";
import test from "ava";
import { faultServer, json, refuse, reply } from "./fault-server.js";
import { openEngine } from "./open-engine.js";

const key = "sk-canary-0123456789abcdef";

/** What passes: two times this, then a whole reply. */
const passing: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "500": (response) => refuse(response, 500, "oops"),
  "503 in HTML": (response) =>
    response.writeHead(503, { "content-type": "text/html" }).end("<html><body>loading</body></html>"),
  "429 without a word": (response) => response.writeHead(429).end(),
  "a connection cut before the headers": (response) => response.destroy(),
  "a connection cut in the middle of the body": (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"choices": [{"mess');
    setTimeout(() => response.destroy(), 5);
  },
  "JSON that breaks off": (response) =>
    response.writeHead(200, { "content-type": "application/json" }).end('{"choices": [{"mess'),
  "a page in place of JSON": (response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<html>please log in</html>"),
  "another shape of JSON": (response) => json(response, 200, { choices: [] }),
  "status 200 with an error inside": (response) => json(response, 200, { error: { message: "busy", code: 502 } }),
  "an empty body": (response) => response.writeHead(200, { "content-type": "application/json" }).end(),
};

for (const [name, misbehave] of Object.entries(passing)) {
  test(`${name}: asked again, answered once`, async (t) => {
    const server = await faultServer(t, (response, _asked, nth) => (nth <= 2 ? misbehave(response) : reply(response)));
    const { ask, log } = await openEngine(server.baseURL);
    t.deepEqual(await ask(), {
      text: "fine",
      ended: "whole",
      model: "small-1",
      tokens: { prompt: 7, reply: 3 },
    });
    t.is(server.asked.length, 3);
    t.is(log.length, 2, "each repetition is in the log");
  });
}

/** What stays: the code, the words, how often it was asked with two retries. */
const staying: Readonly<Record<string, [(response: ServerResponse) => void, ErrorCode, RegExp, number]>> = {
  "500 for ever": [
    (response) => refuse(response, 500, "the GPU is on fire"),
    "JUDGE_UNREACHABLE",
    /fails \(500: the GPU is on fire\), 3 times/,
    3,
  ],
  "cut for ever": [(response) => response.destroy(), "JUDGE_UNREACHABLE", /cut the connection .*, 3 times/, 3],
  "broken JSON for ever": [
    (response) => response.writeHead(200, { "content-type": "application/json" }).end("{"),
    "JUDGE_RESPONSE",
    /its JSON is broken or breaks off, 3 times/,
    3,
  ],
  "a completion without a message": [
    (response) => json(response, 200, { choices: [{ text: "old API" }] }),
    "JUDGE_RESPONSE",
    /no `choices\[0\]\.message`/,
    3,
  ],
  "a text that is a number": [
    (response) => reply(response, 5),
    "JUDGE_RESPONSE",
    /`choices\[0\]\.message\.content` is no text/,
    3,
  ],
  "200 with an error and no status": [
    (response) => json(response, 200, { error: "Unexpected endpoint" }),
    "JUDGE_RESPONSE",
    /not with a completion: Unexpected endpoint/,
    3,
  ],
  "429 for ever": [
    (response) => refuse(response, 429, "slow down"),
    "JUDGE_RATE_LIMITED",
    /takes no more requests for now \(429: slow down\), 3 times/,
    3,
  ],
  "no credit": [
    (response) => refuse(response, 429, "You exceeded your current quota", { code: "insufficient_quota" }),
    "JUDGE_RATE_LIMITED",
    /no more credit .*You exceeded your current quota/,
    1,
  ],
  "payment required": [
    (response) => json(response, 402, { error: { message: "Insufficient Balance" } }),
    "JUDGE_RATE_LIMITED",
    /402: Insufficient Balance/,
    1,
  ],
  "400": [
    (response) => refuse(response, 400, "context length exceeded"),
    "JUDGE_RESPONSE",
    /refuses the request \(400: context length exceeded\)$/,
    1,
  ],
  "400 in another server's words": [
    (response) => json(response, 400, { detail: [{ loc: ["body"], msg: "field required" }] }),
    "JUDGE_RESPONSE",
    /400: \[\{"loc":\["body"\],"msg":"field required"\}\]/,
    1,
  ],
  "404": [
    (response) => refuse(response, 404, "The model `small` does not exist", { code: "model_not_found" }),
    "JUDGE_MODEL",
    /has no model "small" \(404: The model `small` does not exist\)/,
    1,
  ],
  "403 for a model": [
    (response) => refuse(response, 403, "Project does not have access to it", { code: "model_not_found" }),
    "JUDGE_MODEL",
    /403: Project does not have access/,
    1,
  ],
  "a redirect": [
    (response) => response.writeHead(301, { location: "https://elsewhere.example/v1" }).end("moved"),
    "JUDGE_UNREACHABLE",
    /sends requests elsewhere \(301: https:\/\/elsewhere\.example\/v1\)/,
    1,
  ],
};

for (const [name, [misbehave, code, message, times]] of Object.entries(staying)) {
  test(`${name}: ${code} in the endpoint's words`, async (t) => {
    const server = await faultServer(t, (response) => misbehave(response));
    const { fault } = await openEngine(server.baseURL, { retries: 2 });
    const error = await fault(t);
    t.is(error.code, code);
    t.is(error.exitCode, 3);
    t.regex(error.message, message);
    t.true(error.message.startsWith(server.host), "it says which endpoint");
    t.is(server.asked.length, times);
  });
}

test("a hanging endpoint, before or inside the body: given up in time, asked again", async (t) => {
  const server = await faultServer(t, (response, _asked, nth) => {
    if (nth === 1) return;
    if (nth === 2) response.writeHead(200, { "content-type": "application/json" }).write("{");
    else reply(response);
  });
  const { ask } = await openEngine(server.baseURL, { timeoutSeconds: 1 });
  t.is((await ask()).text, "fine");
  t.true(server.asked.length >= 3);

  const silent = await faultServer(t, () => undefined);
  const { fault } = await openEngine(silent.baseURL, { timeoutSeconds: 0.05, retries: 1 });
  const error = await fault(t);
  t.is(error.code, "JUDGE_UNREACHABLE");
  t.regex(error.message, /gave no whole reply within 0\.05 s, 2 times/);
});

test("a slow endpoint is waited for", async (t) => {
  const server = await faultServer(t, (response) => void setTimeout(() => reply(response), 150));
  const { ask } = await openEngine(server.baseURL);
  t.is((await ask()).text, "fine");
  t.is(server.asked.length, 1);
});

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("nothing listens, an unknown name, plain HTTP taken for TLS: said in plain words", async (t) => {
  const server = await faultServer(t, (response) => reply(response));
  const few = { retries: 1, timeoutSeconds: 20 };
  const refused = await (await openEngine(`http://127.0.0.1:${await closedPort()}/v1`, few)).fault(t);
  t.is(refused.code, "JUDGE_UNREACHABLE");
  t.regex(refused.message, /^127\.0\.0\.1:\d+ refuses the connection, 2 times$/);
  const forbidden = await (await openEngine("http://127.0.0.1:9/v1", few)).fault(t);
  t.regex(forbidden.message, /cannot be asked: .* port/);
  const unknown = await (await openEngine("http://no-such-host.invalid/v1", few)).fault(t);
  t.is(unknown.code, "JUDGE_UNREACHABLE");
  t.regex(unknown.message, /no-such-host\.invalid cannot be resolved/);
  const tls = await (await openEngine(server.baseURL.replace("http:", "https:"), few)).fault(t);
  t.is(tls.code, "JUDGE_UNREACHABLE");
  t.regex(tls.message, /no TLS connection/);
  t.regex(tls.hint ?? "", /plain HTTP/);
});

for (const status of [401, 403]) {
  test(`${status}: not asked again; the endpoint's words without the key it echoes`, async (t) => {
    const server = await faultServer(t, (response, { headers }) =>
      refuse(
        response,
        status,
        `Incorrect API key provided: ${headers.authorization}, also sk-ca****cdef. See https://x.`,
      ),
    );
    const { fault, log } = await openEngine(server.baseURL, { apiKey: key });
    const error = await fault(t);
    t.is(error.code, "JUDGE_UNAUTHORIZED");
    t.regex(
      error.message,
      /refuses the key .*Incorrect API key provided: Bearer \[key\], also \[key\]\. See https:\/\/x\./,
    );
    t.is(server.asked.length, 1);
    t.is(server.asked[0]?.headers.authorization, `Bearer ${key}`);
    const everything = JSON.stringify([error.message, error.hint, error.stack, String(error.cause), log]);
    t.false(everything.includes("canary"));
  });
}

test("a key echoed in a reply or in a log line is masked too; a word that serves as a key is not", async (t) => {
  const server = await faultServer(t, (response, { headers }, nth) =>
    nth === 1
      ? refuse(response, 500, `bad ${key}`)
      : reply(response, `${headers.authorization} is EMPTY`, { model: key }),
  );
  const { ask, log } = await openEngine(server.baseURL, { apiKey: key });
  const { text, model } = await ask();
  t.is(text, "Bearer [key] is EMPTY");
  t.is(model, "[key]");
  t.is(log.length, 1);
  t.false(log.join().includes("canary"));
  const local = await openEngine(server.baseURL, { apiKey: "EMPTY" });
  t.is((await local.ask()).text, "Bearer EMPTY is EMPTY");
});

test("white space around a key, as a file's line end, is neither sent nor left when the key is masked", async (t) => {
  const server = await faultServer(t, (response, { headers }) =>
    refuse(response, 401, `Incorrect API key provided: ${headers.authorization}`),
  );
  const { fault, log } = await openEngine(server.baseURL, { apiKey: ` ${key}\n` });
  const error = await fault(t);
  t.is(server.asked[0]?.headers.authorization, `Bearer ${key}`);
  t.regex(error.message, /Bearer \[key\]/);
  t.false(JSON.stringify([error.message, error.hint, error.stack, String(error.cause), log]).includes("canary"));
  const broken = await t.throwsAsync(async () => openEngine(server.baseURL, { apiKey: `${key}\n${key}` }));
  t.is((broken as { code?: string } | undefined)?.code, "CONFIG_SECRET");
  t.false(String(broken?.stack).includes("canary"));
});

test("without a key none is sent, whatever the environment holds", async (t) => {
  const server = await faultServer(t, (response, _asked, nth) =>
    nth === 1 ? reply(response) : refuse(response, 401, "You did not provide a key"),
  );
  const names = ["OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL"];
  for (const name of names) process.env[name] = name === "OPENAI_BASE_URL" ? "http://127.0.0.1:9/v1" : key;
  t.teardown(() => {
    for (const name of names) delete process.env[name];
  });
  const { ask, fault } = await openEngine(server.baseURL);
  await ask();
  t.false(JSON.stringify(server.asked[0]?.headers).includes("canary"));
  t.is(server.asked[0]?.headers.authorization, undefined);
  t.is(server.asked[0]?.url, "/v1/chat/completions");
  t.regex((await fault(t)).message, /wants a key, and none was sent \(401: You did not provide a key\)/);

  const charged = await openEngine(server.baseURL, { organization: "org-1", apiKey: "EMPTY" });
  await charged.fault(t);
  t.is(server.asked.at(-1)?.headers["openai-organization"], "org-1");
});

test("a server that cuts plain http, as one that wants TLS does, is told with a hint", async (t) => {
  const server = await faultServer(t, (response) => response.destroy());
  const plain = await openEngine(server.baseURL, { retries: 0 });
  t.regex((await plain.fault(t)).hint ?? "", /https:/);
});
