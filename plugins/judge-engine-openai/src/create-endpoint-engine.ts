import { createHash } from "node:crypto";
import { type Json, type JudgeEngine, type PluginContext, UnshiftError } from "@unshift/contracts";
import { BatchEngine } from "./batch/batch-engine.js";
import { batchOptionsOf } from "./batch/batch-options.js";
import { Dialect } from "./dialect.js";
import { EndpointCalls } from "./endpoint-calls.js";
import { EndpointEngine } from "./endpoint-engine.js";
import type { EndpointOptions } from "./endpoint-options.js";
import { Pace } from "./pace.js";
import { secretMask } from "./secret-mask.js";
import { sendRequest } from "./send-request.js";

/** Times that a test shortens. */
export interface EngineTimes {
  readonly minuteMs: number;
  readonly firstDelayMs: number;
  readonly firstPollMs: number;
}

const realTimes: EngineTimes = { minuteMs: 60_000, firstDelayMs: 500, firstPollMs: 5000 };

/** @throws CONFIG_INVALID, CONFIG_SECRET of a `baseURL` that is no address, or holds more than one */
export function createEndpointEngine(
  options: EndpointOptions,
  { log }: Pick<PluginContext, "log">,
  { minuteMs, firstDelayMs, firstPollMs }: EngineTimes = realTimes,
): JudgeEngine {
  const { model, organization, timeoutSeconds } = options;
  const apiKey = keyOf(options.apiKey);
  const url = addressOf(options.baseURL);
  const baseURL = url.href.replace(/\/+$/, "");
  const endpoint = {
    host: url.host,
    url: `${baseURL}/chat/completions`,
    model,
    hasKey: apiKey !== undefined,
    mask: secretMask(apiKey),
  };
  const calls = new EndpointCalls({ baseURL, apiKey, organization, timeoutMs: timeoutSeconds * 1000 }, endpoint);
  const told = (level: "info" | "warn", message: string) => log(level, `judge endpoint: ${message}`);
  const single = new EndpointEngine({
    identity: identityOf(url, options),
    options,
    send: (wording, signal) => sendRequest(calls, wording, signal),
    pace: new Pace({ requests: options.requestsPerMinute, tokens: options.tokensPerMinute, windowMs: minuteMs }),
    firstDelayMs,
    log: told,
  });
  const batch = batchOptionsOf(options.batch);
  if (batch === null) return single;
  const { retries, maxRetryAfterSeconds } = options;
  return new BatchEngine(single, {
    options: batch,
    calls,
    dialect: new Dialect(options),
    patience: { retries, firstDelayMs, maxRetryAfterMs: maxRetryAfterSeconds * 1000 },
    firstPollMs,
    log: told,
  });
}

/**
 * The key as it is sent: a header loses the white space around its value (files and shells leave a line end there), and what is
 * masked must be what was sent.
 */
function keyOf(written: string | undefined): string | undefined {
  const key = written?.trim();
  // A header cannot hold these; the fault of the library that would say so quotes the key.
  if (key !== undefined && /[^\t\x20-\x7e\x80-\xff]/.test(key)) {
    throw new UnshiftError(
      "CONFIG_SECRET",
      "`apiKey` of the judge engine holds a line end or another character no key has",
      {
        hint: "Look at the environment variable that it names.",
      },
    );
  }
  return key;
}

/** `extra` goes in as its digest: its values may come from the environment. */
function identityOf({ host, pathname }: URL, { model, schema, extra }: EndpointOptions): string {
  const parts = [`openai ${host}${pathname.replace(/\/+$/, "")}`, model, `schema ${schema}`];
  const digest = createHash("sha256")
    .update(JSON.stringify(sorted(extra)))
    .digest("hex")
    .slice(0, 16);
  return [...parts, ...(Object.keys(extra).length === 0 ? [] : [`extra ${digest}`])].join(" · ");
}

function addressOf(baseURL: string): URL {
  const url = URL.canParse(baseURL) ? new URL(baseURL) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UnshiftError("CONFIG_INVALID", "`baseURL` of the judge engine is no http or https address", {
      hint: "Wanted: https://HOST/v1",
    });
  }
  if (url.username !== "" || url.password !== "") {
    throw new UnshiftError("CONFIG_SECRET", `\`baseURL\` of the judge engine holds a password for ${url.host}`, {
      hint: "Endpoints are told a key: `apiKey`, the name of an environment variable.",
    });
  }
  if (/\/(chat\/)?completions\/?$/.test(url.pathname)) {
    const base = url.pathname.replace(/\/(chat\/)?completions\/?$/, "");
    throw new UnshiftError("CONFIG_INVALID", `\`baseURL\` of the judge engine ends in ${url.pathname}`, {
      hint: `The path of a request is put at its end. Wanted: ${url.origin}${base}`,
    });
  }
  if (url.search !== "" || url.hash !== "") {
    throw new UnshiftError(
      "CONFIG_INVALID",
      `\`baseURL\` of the judge engine has parameters behind ${url.host}${url.pathname}`,
      {
        hint: "The path of a request is put at its end, so it ends with a path: https://HOST/v1",
      },
    );
  }
  return url;
}

/** Keys in order, so that the order in the file is no difference. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => sorted(each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each as Json)]),
  );
}
