import { request } from "node:http";
import { JudgedItems } from "@unshift/contracts/services";
import { createStore } from "@unshift/store";
import test, { type ExecutionContext } from "ava";
import type { Rating } from "../src/protocol.js";
import { largestBody } from "../src/server/read-body.js";
import { client, serve } from "./page-client.js";
import { openRun, questions, writeRun } from "./synthetic-run.js";

const plain = {
  systems: ["left", "right"],
  samples: questions(4),
  answer: (system: string) => `${system.length} letters`,
};
const tie: Rating = { kind: "pairwise", choices: { overall: "tie" }, note: "" };

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Over a bare socket: `fetch` does not let a test choose Host or Origin. */
function send(url: string, { method = "POST", path, headers = {}, body = "" }: Sent) {
  const { port, pathname } = new URL(url);
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, method, path: path ?? pathname, headers: { host: `127.0.0.1:${port}`, ...headers } },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

async function served(t: ExecutionContext) {
  const folder = await writeRun(t, plain);
  const { server, stop } = await serve(t, folder);
  const { pathname, port } = new URL(server.url);
  return { folder, stop, server, url: server.url, base: pathname, port, json: { "content-type": "application/json" } };
}

test("the page: only with the token, only under its own name, with a policy that lets nothing in", async (t) => {
  const { url, base, port } = await served(t);
  const page = await send(url, { method: "GET" });
  t.is(page.status, 200);
  t.regex(
    String(page.headers["content-security-policy"]),
    /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self'/,
  );
  t.is(page.headers["x-content-type-options"], "nosniff");
  t.is(page.headers["referrer-policy"], "no-referrer");
  t.is(page.headers["cache-control"], "no-store");
  t.is((await send(url, { method: "GET", headers: { host: `localhost:${port}` } })).status, 200);

  for (const path of [
    "/",
    "/x/",
    "/api/progress",
    `${base.slice(0, -2)}/`,
    // 16 bytes in base64url never end in this sign, so it is another token whatever was drawn.
    `${base.slice(0, -2)}-/`,
    "//",
    base.toUpperCase(),
  ]) {
    t.is((await send(url, { method: "GET", path })).status, 403, path);
  }
  for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", "127.0.0.1:1", "[::1]"]) {
    t.is((await send(url, { method: "GET", headers: { host } })).status, 403, host);
  }
});

test("other pages in the same browser get nothing", async (t) => {
  const { url, base, port, json } = await served(t);
  const asked = { path: `${base}api/progress`, body: '{"rater":"ada"}' };
  t.is((await send(url, { ...asked, headers: json })).status, 200);
  t.is((await send(url, { ...asked, headers: { ...json, origin: `http://127.0.0.1:${port}` } })).status, 200);
  for (const origin of ["http://evil.example", "null", `http://127.0.0.1:1`, `https://127.0.0.1:${port}`]) {
    t.is((await send(url, { ...asked, headers: { ...json, origin } })).status, 403, origin);
  }
  t.is((await send(url, { ...asked, headers: { ...json, "sec-fetch-site": "cross-site" } })).status, 403);
});

test("paths, methods, types and sizes that are not asked for are refused", async (t) => {
  const { url, base, json } = await served(t);
  for (const path of [
    "api",
    "api/",
    "manifest.json",
    "../manifest.json",
    "..%2fmanifest.json",
    "api/constructor",
    "toString",
  ]) {
    const { status } = await send(url, { method: "GET", path: base + path });
    t.true(status === 404 || status === 403, path);
  }
  t.is((await send(url, { method: "GET", path: `${base}api/progress` })).status, 405);
  t.is((await send(url, { method: "DELETE" })).status, 405);
  t.is((await send(url, { path: `${base}api/progress`, body: '{"rater":"ada"}' })).status, 415);
  const large = JSON.stringify({ rater: "ada", note: "x".repeat(largestBody) });
  t.is((await send(url, { path: `${base}api/progress`, headers: json, body: large })).status, 413);
  t.is(
    (
      await send(url, {
        path: `${base}api/progress`,
        headers: { ...json, "transfer-encoding": "chunked" },
        body: large,
      })
    ).status,
    413,
  );
  for (const body of ["", "{", "[]", "null", '"x"', '{"rater":7}', "{}"]) {
    t.is((await send(url, { path: `${base}api/progress`, headers: json, body })).status, 400, body);
  }
  for (const at of ["-1", "1.5", '"0"', "null"]) {
    t.is(
      (await send(url, { path: `${base}api/item`, headers: json, body: `{"rater":"ada","at":${at}}` })).status,
      400,
      at,
    );
  }
});

test("a rating is on disk when it is answered; the same twice, or twice at once, is one record; another replaces it", async (t) => {
  const { folder, server } = await served(t);
  const ada = client(server.url, "Ada");
  const { item } = await ada.item(0);
  const both = await Promise.all([ada.rate(item, tie), ada.rate(item, tie)]);
  await ada.rate(item, tie);
  t.deepEqual(
    both.map(({ rated }) => rated),
    [1, 1],
  );
  const looking = await createStore().open(folder, { readOnly: true });
  const [verdict, ...more] = await looking.verdicts();
  t.deepEqual(more, []);
  t.is(verdict?.judge, "human:ada");
  t.deepEqual([verdict?.system, verdict?.against], ["left", "right"]);
  t.deepEqual(verdict?.judgement, { status: "preferred", preferences: { overall: "tie" } });
  const changed = await ada.rate(item, { kind: "pairwise", choices: { overall: "a" }, note: "shorter" });
  t.is(changed.rated, 1);
  const now = await looking.verdicts();
  t.is(now.length, 1);
  t.like(now[0]?.judgement, { status: "preferred", rationale: "shorter" });
  t.deepEqual((await ada.item(0)).rating, { kind: "pairwise", choices: { overall: "a" }, note: "shorter" });
  await looking.close();
});

test("raters go on where they stopped, each in their own order; the other mode needs another name", async (t) => {
  const { folder, server, stop } = await served(t);
  const [ada, bob] = [client(server.url, "ada"), client(server.url, "bob")];
  for (const at of [0, 1]) await ada.rate((await ada.item(at)).item, tie);
  await bob.rate((await bob.item(0)).item, { kind: "skipped", note: "" });
  const before = await ada.item(1);
  await stop();
  t.deepEqual(server.summary(), [
    { rater: "ada", rated: 2, skipped: 0, total: 4 },
    { rater: "bob", rated: 0, skipped: 1, total: 4 },
  ]);

  const again = await serve(t, folder);
  const ada2 = client(again.server.url, "ADA ");
  t.like(await ada2.progress(), { rater: "ada", rated: 2, skipped: 0, next: 2, total: 4 });
  t.like(await client(again.server.url, "bob").progress(), { rated: 0, skipped: 1, next: 1 });
  const { item, ...shown } = await ada2.item(1);
  t.not(item, before.item, "ids are drawn anew");
  t.deepEqual({ ...shown, item: before.item }, before);
  await again.stop();

  const rubric = await serve(t, folder, { mode: "rubric" });
  await t.throwsAsync(client(rubric.server.url, "ada").progress(), { message: /409.*pairs/ });
  t.is((await client(rubric.server.url, "ada-scores").progress()).total, 8);
});

test("a changed answer is rated again; the manifest names raters with their aspects", async (t) => {
  const { folder, server, stop } = await served(t);
  const ada = client(server.url, "ada");
  for (const at of [0, 1, 2, 3]) await ada.rate((await ada.item(at)).item, tie);
  t.is((await ada.progress()).next, 4);
  await stop();
  const store = await openRun(t, folder);
  const [answer] = await store.answers();
  if (answer?.status === "answered") await store.appendAnswer({ ...answer, key: "other", text: "Another one." });
  const annotators = store.manifest().experiment["annotators"] as { id: string; aspects: { id: string }[] }[];
  t.deepEqual(
    annotators.map(({ id, aspects }) => [id, aspects.map((aspect) => aspect.id)]),
    [["human:ada", ["overall"]]],
  );
  await store.close();
  const reader = await createStore().open(folder, { readOnly: true });
  const items = new JudgedItems(await reader.samples(), await reader.answers());
  const current = (await reader.verdicts()).map((verdict) => verdict.itemKey === items.keyOf(verdict));
  await reader.close();
  t.deepEqual(current.toSorted(), [false, true, true, true], "tables leave out what was said of another answer");
  const again = await serve(t, folder);
  t.is((await client(again.server.url, "ada").progress()).rated, 3);
});

test("chats of several turns show the turns before, with each system's own answers", async (t) => {
  const folder = await writeRun(t, {
    ...plain,
    answer: (system, { id }) => `${id} by ${system === "left" ? "one" : "two"}`,
  });
  const { server } = await serve(t, folder);
  const ada = client(server.url, "ada");
  const items = await Promise.all([0, 1, 2, 3].map((at) => ada.item(at)));
  const later = items.find(({ question }) => question[0]?.text === "Question 3?");
  t.deepEqual(
    later?.answers.map(({ before }) => before.map(({ role, text }) => [role, text])).sort(),
    ["one", "two"].map((who) => [
      ["user", "Question 2?"],
      ["assistant", `q2 by ${who}`],
    ]),
  );
});

test("the folder is locked; unknown systems, a single one, no answers and a taken port are told", async (t) => {
  const { folder, server, stop, port } = await served(t);
  await t.throwsAsync(createStore().open(folder), { code: "RUN_LOCKED", message: new RegExp(String(process.pid)) });
  await stop();
  t.truthy(server);
  const store = await openRun(t, folder);
  const base = {
    store,
    mode: "pairwise",
    systems: null,
    aspects: null,
    seed: 1,
    reveal: false,
    rater: null,
    port: 0,
    onFault: (error: unknown) => t.fail(String(error)),
  } as const;
  const { serveAnnotation } = await import("../src/index.js");
  await t.throwsAsync(serveAnnotation({ ...base, systems: ["left", "up"] }), { code: "CONFIG_UNKNOWN_REFERENCE" });
  await t.throwsAsync(serveAnnotation({ ...base, systems: ["left"] }), { code: "USAGE" });
  const other = await serveAnnotation({ ...base, port: Number(port) });
  await t.throwsAsync(serveAnnotation({ ...base, port: Number(port) }), { code: "ANNOTATE_PORT" });
  await other.close();
  const empty = await writeRun(t, { ...plain, answer: (system) => (system === "left" ? "a" : null) });
  await t.throwsAsync(serveAnnotation({ ...base, store: await openRun(t, empty) }), { code: "DATASET_EMPTY" });
});

test("what cannot be kept is told without a name, and the same rating counts afterwards", async (t) => {
  const folder = await writeRun(t, plain);
  const store = await openRun(t, folder);
  let full = true;
  const failing = new Proxy(store, {
    get(target, key) {
      if (key === "appendVerdict" && full) return async () => Promise.reject(new Error("left and right: disk"));
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const { server, faults } = await serve(t, folder, { store: failing });
  const ada = client(server.url, "ada");
  const { item } = await ada.item(0);
  const error = await t.throwsAsync(ada.rate(item, tie), { message: /500/ });
  t.notRegex(error?.message ?? "", /left|right/);
  t.is(faults.length, 1);
  t.is((await ada.progress()).rated, 0);
  full = false;
  t.is((await ada.rate(item, tie)).rated, 1);
});
