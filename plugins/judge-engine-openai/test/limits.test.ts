import { isUnshiftError } from "@unshift/contracts";
import test from "ava";
import { faultServer, refuse, reply } from "./fault-server.js";
import { openEngine } from "./open-engine.js";

const many = (count: number) => Array.from({ length: count }, (_, index) => index);

test("never more requests under way than allowed, repeated ones included", async (t) => {
  const server = await faultServer(t, (response, _asked, nth) => {
    setTimeout(() => (nth % 3 === 0 ? refuse(response, 500, "oops") : reply(response)), 10);
  });
  const { engine, ask } = await openEngine(server.baseURL, { concurrency: 3 });
  t.is(engine.concurrency, 3);
  await Promise.all(many(20).map(() => ask()));
  t.is(server.most(), 3);
  t.is(server.asked.length, 29, "20 replies, and every third request failed");
});

test("retry-after is obeyed, in seconds and as a date, by all requests", async (t) => {
  const date = () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000).toUTCString();
  for (const [header, least] of [
    [() => ({ "retry-after": "1" }), 950],
    [() => ({ "retry-after": date() }), 950],
    [() => ({ "retry-after-ms": "300" }), 280],
    [() => ({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "350ms" }), 330],
  ] as const) {
    const server = await faultServer(t, (response, _asked, nth) =>
      nth === 1 ? refuse(response, 429, "slow down", {}, header()) : reply(response),
    );
    const { ask } = await openEngine(server.baseURL, { concurrency: 1 });
    await Promise.all([ask(), ask(), ask()]);
    const [first, second] = server.asked;
    t.true((second?.at ?? 0) - (first?.at ?? 0) >= least, JSON.stringify(header()));
    t.is(server.asked.length, 4);
  }
});

test("a longer wait than allowed ends it at once, also where the server is merely down", async (t) => {
  for (const status of [429, 503]) {
    const server = await faultServer(t, (response) =>
      refuse(response, status, "tomorrow", {}, { "retry-after": "3600" }),
    );
    const { fault } = await openEngine(server.baseURL);
    const error = await fault(t);
    t.is(error.code, "JUDGE_RATE_LIMITED");
    t.regex(error.message, /tomorrow\); it asks to wait 3600 s, longer than maxRetryAfterSeconds \(120 s\)/);
    t.is(server.asked.length, 1);
  }
});

test("a busy endpoint that goes on answering is not given up", async (t) => {
  let last = 0;
  // It takes one request in 30 ms.
  const server = await faultServer(t, (response) => {
    const now = performance.now();
    if (now - last < 30) refuse(response, 429, "slow down", {}, { "retry-after-ms": "30" });
    else {
      last = now;
      reply(response);
    }
  });
  const { ask } = await openEngine(server.baseURL, { concurrency: 8, retries: 2 });
  const replies = await Promise.all(many(24).map(() => ask()));
  t.is(replies.length, 24);
  t.true(server.asked.length > 24);
});

test("requests a minute: no minute holds more", async (t) => {
  const minuteMs = 300;
  const server = await faultServer(t, (response, _asked, nth) =>
    nth % 4 === 0 ? refuse(response, 500, "oops") : reply(response),
  );
  const { ask } = await openEngine(server.baseURL, { requestsPerMinute: 5 }, { minuteMs });
  const started = performance.now();
  await Promise.all(many(12).map(() => ask()));
  t.is(server.asked.length, 15);
  // What arrives as the 6th was let in as the 6th at the earliest, a minute after the first.
  for (const full of [5, 10]) {
    const arrived = (server.asked[full]?.at ?? 0) - started;
    t.true(arrived >= (minuteMs * full) / 5, `request ${full + 1} after ${arrived} ms`);
  }
});

test("tokens a minute: what a request may use is reserved, what it used is counted", async (t) => {
  const minuteMs = 1000;
  // 15 bytes, 8 tokens around them and 20 of reply: 32 reserved. 10 used, so a minute takes three and one under way.
  const limits = { tokensPerMinute: 70, concurrency: 8 };
  const server = await faultServer(t, (response) => reply(response));
  const short = await openEngine(server.baseURL, limits, { minuteMs });
  const started = performance.now();
  await Promise.all(many(5).map(() => short.ask()));
  const fifth = (server.asked[4]?.at ?? 0) - started;
  t.true(fifth >= minuteMs, `the fifth after ${fifth} ms`);

  const long = await openEngine(server.baseURL, limits);
  await Promise.all(many(4).map(() => long.ask()));
  t.true(performance.now() - started < 60_000, "with what is reserved counted as used, the third would wait a minute");
});

test("an interruption ends waiting, sending and repeating at once", async (t) => {
  const hanging = await faultServer(t, () => undefined);
  const limited = await faultServer(t, (response) => refuse(response, 429, "later", {}, { "retry-after": "60" }));
  const failing = await faultServer(t, (response) => refuse(response, 500, "oops"));
  for (const server of [hanging, limited, failing]) {
    const { ask } = await openEngine(server.baseURL, { concurrency: 2, retries: 100 }, { firstDelayMs: 10_000 });
    const interruption = new AbortController();
    const asking = Promise.allSettled(many(5).map(() => ask({}, interruption.signal)));
    setTimeout(() => interruption.abort(), 150);
    const started = performance.now();
    for (const outcome of await asking) {
      const error: unknown = outcome.status === "rejected" ? outcome.reason : null;
      t.true(isUnshiftError(error) && error.code === "ABORTED");
    }
    t.true(performance.now() - started < 8000);
    t.true(server.asked.length <= 5, `${server.asked.length} requests`);
  }
});
