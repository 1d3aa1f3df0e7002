import { isUnshiftError } from "@unshift/contracts";
import { checkPlugin, validateOptions } from "@unshift/testkit";
import test from "ava";
import { endpointOptions } from "../src/endpoint-options.js";
import plugin from "../src/index.js";
import { durationMs, quotaResetMs, retryAfterMs } from "../src/retry-after.js";
import { isStrict } from "../src/strict-schema.js";
import { faultServer, refuse, reply } from "./fault-server.js";
import { openEngine } from "./open-engine.js";

const schema = {
  type: "object",
  properties: { score: { type: "integer", minimum: 1, maximum: 5 } },
  required: ["score"],
  additionalProperties: false,
};

test("the plugin keeps the contract", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
});

test("a request is put as the judge says, with what is given as extra", async (t) => {
  const server = await faultServer(t, (response) => reply(response));
  const { ask } = await openEngine(server.baseURL, { extra: { seed: 5, reasoning_effort: "low" } });
  const whole = await ask({ schema, id: "answer first", temperature: 0.5 }, undefined, 2);
  t.false("unsent" in whole);
  t.deepEqual(server.asked[0]?.body, {
    seed: 7,
    reasoning_effort: "low",
    model: "small",
    messages: [{ role: "user", content: "How good is it?" }],
    max_tokens: 20,
    temperature: 0.5,
    response_format: { type: "json_schema", json_schema: { name: "answer_first", strict: true, schema } },
  });
});

test("an endpoint that takes no schema is asked plainly, found out once; `always` insists, `never` does not try", async (t) => {
  const server = await faultServer(t, (response, { body }) =>
    body["response_format"] === undefined
      ? reply(response)
      : refuse(response, 400, "'response_format' of type 'json_schema' is not supported with this model."),
  );
  const { ask, log } = await openEngine(server.baseURL);
  await ask({ schema });
  await ask({ schema });
  t.deepEqual(
    server.asked.map(({ body }) => "response_format" in body),
    [true, false, false],
  );
  t.is(log.filter((line) => line.startsWith("warn")).length, 1);
  const always = await openEngine(server.baseURL, { schema: "always" });
  t.is((await always.fault(t, { schema })).code, "JUDGE_RESPONSE");
  const never = await openEngine(server.baseURL, { schema: "never" });
  await never.ask({ schema });
  t.is(server.asked.length, 5);
});

test("requests under way together that are refused together say it once", async (t) => {
  const server = await faultServer(t, (response, { body }) =>
    body["response_format"] === undefined
      ? reply(response)
      : refuse(response, 400, "'response_format' is not supported"),
  );
  const { ask, log } = await openEngine(server.baseURL);
  await Promise.all(Array.from({ length: 6 }, () => ask({ schema })));
  t.is(server.asked.length, 12);
  t.is(log.filter((line) => line.startsWith("warn")).length, 1);
});

test("an address that ends where a request's path begins is refused with the one that is wanted", async (t) => {
  for (const end of ["/chat/completions", "/chat/completions/", "/completions"]) {
    const error = await t.throwsAsync(openEngine(`https://host.example/v1${end}`));
    t.true(isUnshiftError(error) && error.code === "CONFIG_INVALID");
    t.regex((isUnshiftError(error) ? error.hint : "") ?? "", /Wanted: https:\/\/host\.example\/v1$/);
  }
});

test("a schema that is refused for itself leaves the others alone", async (t) => {
  const server = await faultServer(t, (response, { body }) =>
    JSON.stringify(body).includes("pattern")
      ? refuse(response, 400, "Invalid schema for response_format 'scores': 'pattern' is not permitted.")
      : reply(response),
  );
  const { ask } = await openEngine(server.baseURL);
  await ask({ schema: { ...schema, properties: { score: { type: "string", pattern: "x" } } } });
  await ask({ schema });
  t.deepEqual(
    server.asked.map(({ body }) => "response_format" in body),
    [true, false, true],
  );
});

test("max_tokens, temperature and schema refused one after another: all learned, by all requests under way", async (t) => {
  const server = await faultServer(t, (response, { body }) => {
    if ("max_tokens" in body)
      refuse(response, 400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'.");
    else if ("temperature" in body) refuse(response, 400, "'temperature' does not support 0 with this model.");
    else if ("response_format" in body) refuse(response, 422, "extra inputs: response_format");
    else reply(response);
  });
  const { ask } = await openEngine(server.baseURL);
  await Promise.all([ask({ schema }), ask({ schema }), ask({ schema })]);
  t.true(server.asked.length <= 12);
  t.deepEqual((await ask({ schema })).unsent, ["temperature", "schema"], "the record says what was not sent");
  t.deepEqual(server.asked.at(-1)?.body, {
    model: "small",
    messages: [{ role: "user", content: "How good is it?" }],
    max_completion_tokens: 20,
  });
  const fixed = await openEngine(server.baseURL, { tokensField: "max_tokens" });
  t.is((await fixed.fault(t)).code, "JUDGE_RESPONSE");
});

test("how a reply ended, and what it holds", async (t) => {
  const choice = (message: object, finish: string | null = "stop") => ({
    choices: [{ index: 0, message, finish_reason: finish }],
    usage: undefined,
  });
  const bodies = [
    choice({ content: "cut" }, "length"),
    choice({ content: null }, "length"),
    choice({ content: "" }, "content_filter"),
    choice({ content: null, refusal: "I will not." }),
    choice(
      {
        content: [
          { type: "thinking", thinking: "hm" },
          { type: "text", text: "5" },
        ],
      },
      null,
    ),
  ];
  const server = await faultServer(t, (response, _asked, nth) => reply(response, "", bodies[nth - 1]));
  const { ask } = await openEngine(server.baseURL);
  const ended: [string, string][] = [];
  for (const _ of bodies) {
    const { text, ended: end, tokens } = await ask();
    t.is(tokens, null);
    ended.push([text, end]);
  }
  t.deepEqual(ended, [
    ["cut", "length"],
    ["", "length"],
    ["", "withheld"],
    ["I will not.", "withheld"],
    ["5", "whole"],
  ]);
});

test("a content filter withholds a reply; it is no fault of key or request", async (t) => {
  const refusals: readonly [number, string, object][] = [
    [
      400,
      "The response was filtered due to the prompt triggering content management policy.",
      { code: "content_filter" },
    ],
    [403, "Your input was flagged", { metadata: { reasons: ["violence"] } }],
  ];
  const server = await faultServer(t, (response, _asked, nth) =>
    refuse(response, ...(refusals[nth - 1] ?? [500, "", {}])),
  );
  const { ask } = await openEngine(server.baseURL);
  t.deepEqual(await ask(), { text: refusals[0]?.[1] ?? "", ended: "withheld", model: "small", tokens: null });
  t.is((await ask()).ended, "withheld");
});

test("identity: what changes replies, and no secret", async (t) => {
  const identity = async (options: object, baseURL = "https://api.example.com/v1/") =>
    (await openEngine(baseURL, options)).engine.identity;
  t.is(await identity({}), "openai api.example.com/v1 · small · schema auto");
  t.is(await identity({ apiKey: "sk-canary-123", concurrency: 2, retries: 1, timeoutSeconds: 9 }), await identity({}));
  t.is(await identity({ extra: { a: 1, b: { c: 2, d: 3 } } }), await identity({ extra: { b: { d: 3, c: 2 }, a: 1 } }));
  const different = await Promise.all([
    identity({}),
    identity({ model: "large" }),
    identity({ schema: "never" }),
    identity({ extra: { seed: 1 } }),
    identity({ extra: { seed: 2 } }),
    identity({}, "https://api.example.com/v2"),
    identity({}, "https://api.example.com:8443/v1"),
  ]);
  t.is(new Set(different).size, different.length);
  t.false((await identity({ extra: { token: "sk-canary-123" } })).includes("canary"));
});

test("addresses that are none, or hold more than one, are refused without being repeated", async (t) => {
  for (const [baseURL, code] of [
    ["ftp://host/v1", "CONFIG_INVALID"],
    ["api.example.com/v1", "CONFIG_INVALID"],
    ["https://me:hunter22@host/v1", "CONFIG_SECRET"],
    ["https://host/v1?key=hunter22", "CONFIG_INVALID"],
  ] as const) {
    const error = await t.throwsAsync(openEngine(baseURL));
    t.like(error, { code });
    t.false(error?.message.includes("hunter22"));
  }
});

test("options: a secret is marked as one, and `extra` may not fill the request's own fields", async (t) => {
  t.is(endpointOptions.properties["apiKey"]?.["writeOnly"], true);
  for (const wrong of [
    { extra: { model: "x" } },
    { extra: { stream: true } },
    { concurrency: 0 },
    { timeoutSeconds: 301 },
    {},
  ]) {
    const options = Object.keys(wrong).length === 0 ? {} : { model: "small", ...wrong };
    await t.throwsAsync(validateOptions(endpointOptions, options));
  }
});

test("waits are read from headers as servers write them", (t) => {
  const now = Date.parse("Sun, 22 Nov 2026 12:00:00 GMT");
  const after = (text: string) => retryAfterMs(new Headers({ "retry-after": text }), now);
  t.is(after("3"), 3000);
  t.is(after("0.5"), 500);
  t.is(after("Sun, 22 Nov 2026 12:00:07 GMT"), 7000);
  t.is(after("Sun, 22 Nov 2026 11:00:00 GMT"), 0);
  t.is(after("soon"), null);
  t.is(retryAfterMs(new Headers({ "retry-after-ms": "20", "retry-after": "1" })), 20);
  t.is(durationMs("6m0s"), 360_000);
  t.is(durationMs("1h2m3.5s"), 3_723_500);
  t.is(durationMs("120ms"), 120);
  t.is(durationMs("x1s"), null);
  t.is(durationMs("1s x"), null);
  const quota = { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "2s" };
  t.is(quotaResetMs(new Headers({ ...quota, "x-ratelimit-remaining-requests": "3" })), 2000);
  t.is(quotaResetMs(new Headers({ "x-ratelimit-remaining-tokens": "9", "x-ratelimit-reset-tokens": "2s" })), null);
});

test("strict is said only of schemas that are", (t) => {
  t.true(isStrict(schema));
  t.false(isStrict({ ...schema, required: [] }));
  t.false(isStrict({ type: "object", properties: {} }));
  t.true(isStrict({ ...schema, properties: { score: { type: "array", items: schema } } }));
  t.false(isStrict({ ...schema, properties: { score: { type: "array", items: { type: "object" } } } }));
  t.true(isStrict({ ...schema, properties: { score: { enum: [{ type: "object" }] } } }), "a value is no schema");
});
