// One file, because every batch test runs on the same endpoint made of memory, whose requests and payments it counts.
import { type ErrorCode, isUnshiftError, UnshiftError } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { splitLines } from "../src/batch/split-lines.js";
import { type Disk, emptyDisk, requestsOf, sit } from "./batch-host.js";
import { answerOf, type BatchServer, batchServer, errorLine } from "./batch-server.js";
import { refuse } from "./fault-server.js";
import { openEngine } from "./open-engine.js";

const secret = "sk-canary-0123456789abcdef";

/** Every request has its own reply, each was paid once, and nothing is left to find. */
function wholeAndOnce(t: ExecutionContext, disk: Disk, server: BatchServer, count: number): void {
  t.is(disk.replies.size, count);
  for (const [key, { reply, batch }] of disk.replies) {
    t.is(reply.text, `read: question ${Number(key.slice(4))}`);
    t.regex(batch, /^batch_\d+$/);
  }
  t.deepEqual([...new Set(server.paid.values())], [1], "nothing was paid twice");
  t.is(disk.ledger.size, 0);
}

function coded(t: ExecutionContext, error: unknown, code: ErrorCode): UnshiftError {
  if (!isUnshiftError(error)) throw new Error(`a coded error, not ${String((error as Error | null)?.stack)}`);
  t.is(error.code, code, error.message);
  t.is(error.exitCode, code === "ABORTED" ? 130 : 3);
  return error;
}

test("a batch: uploaded, made, waited for, read; the lines are the requests of the one-by-one mode", async (t) => {
  const server = await batchServer(t, { looks: 3 });
  const disk = emptyDisk();
  const requests = requestsOf(7);
  const { error, waiting, faults } = await sit(server.baseURL, disk, requests, { engine: { extra: { seed: 3 } } });
  t.is(error, null);
  t.is(faults.size, 0);
  wholeAndOnce(t, disk, server, 7);
  t.deepEqual(server.calls, { upload: 1, create: 1, list: 0, look: 4, content: 1, delete: 0, chat: 0 });
  t.regex(waiting[0] ?? "", /^1 batch at 127\.0\.0\.1:\d+ \(in progress\): 0 of 7 requests$/);
  t.regex(waiting.at(-1) ?? "", /\(completed\): 7 of 7 requests$/);
  t.deepEqual(disk.replies.get("key-0002")?.reply, {
    text: "read: question 2",
    ended: "whole",
    model: "small-1",
    tokens: { prompt: 7, reply: 3 },
  });
  const [line] = server.batches[0]?.lines ?? [];
  t.deepEqual(line, {
    custom_id: "key-0000",
    method: "POST",
    url: "/v1/chat/completions",
    body: {
      seed: 3,
      model: "small",
      messages: [{ role: "user", content: "question 0" }],
      max_tokens: 20,
      temperature: 0,
    },
  });
});

test("the identity is that of the one-by-one mode, so replies of either count in the other", async (t) => {
  const plain = await openEngine("http://127.0.0.1:1/v1");
  const batched = await openEngine("http://127.0.0.1:1/v1", { batch: { maxRequests: 3 } });
  t.is(plain.engine.identity, batched.engine.identity);
  t.is(plain.engine.askMany, undefined);
  t.is(typeof batched.engine.askMany, "function");
});

test("more requests than a batch holds make several, each admitted before it is uploaded", async (t) => {
  const server = await batchServer(t);
  const disk = emptyDisk();
  const { error, admitted, waiting } = await sit(server.baseURL, disk, requestsOf(23), {
    engine: { batch: { maxRequests: 5 } },
  });
  t.is(error, null);
  wholeAndOnce(t, disk, server, 23);
  t.deepEqual(
    server.batches.map(({ lines }) => lines.length),
    [5, 5, 5, 5, 3],
  );
  t.deepEqual(
    admitted.map((keys) => keys.length),
    [5, 5, 5, 5, 3],
  );
  t.regex(waiting[0] ?? "", /^5 batches at .* of 23 requests$/);
});

test("lines are cut by number and bytes, in order, none lost", (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 12 })),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 30 }),
      (texts, most, bytes) => {
        const lines = texts.map((line, index) => ({ key: String(index), line }));
        const files = [...splitLines(lines, most, bytes)];
        t.deepEqual(files.flat(), lines);
        for (const file of files) {
          t.true(file.length > 0 && file.length <= most);
          const size = file.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0);
          t.true(size <= bytes || file.length === 1);
        }
      },
    ),
    { seed: 5, numRuns: 200 },
  );
});

// The disk is written in 2 x 2 ledger lines before the batches end, 6 replies and 2 lines after it.
for (let writes = 0; writes <= 12; writes += 1) {
  test(`killed after ${writes} writes to the disk: the next sitting goes on, and nothing is paid twice`, async (t) => {
    const server = await batchServer(t);
    const disk = emptyDisk();
    const engine = { batch: { maxRequests: 3 } };
    const first = await sit(server.baseURL, disk, requestsOf(6), { engine, writes });
    t.is(first.error === null, writes === 12);
    const second = await sit(server.baseURL, disk, requestsOf(6), { engine });
    t.is(second.error, null);
    wholeAndOnce(t, disk, server, 6);
    t.is(server.batches.length, 2, "no batch was made twice");
  });
}

for (const route of ["upload", "create", "look", "content"] as const) {
  for (const late of [false, true]) {
    test(`killed ${late ? "behind" : "before"} the server's ${route}: nothing is paid twice`, async (t) => {
      const server = await batchServer(t);
      const disk = emptyDisk();
      const death = new AbortController();
      const die = (asked: string) => {
        if (asked === route) death.abort();
        // A dead process gets no answer.
        return death.signal.aborted;
      };
      server.behave(late ? { instead: die } : { before: die });
      const first = await sit(server.baseURL, disk, requestsOf(4), { signal: death.signal });
      coded(t, first.error, "ABORTED");
      server.behave({});
      const { error, notes } = await sit(server.baseURL, disk, requestsOf(4));
      t.is(error, null);
      wholeAndOnce(t, disk, server, 4);
      t.is(server.batches.length, 1);
      t.is(server.calls.list, route === "create" ? 1 : 0, "only where it is not known whether a batch was made");
      const found = notes.some((note) => /^batch batch_1 of an earlier sitting: 4 requests not sent again$/.test(note));
      t.is(found, route === "look" || route === "content" || (route === "create" && late));
      t.is(
        first.notes.some((note) => /goes on at 127.*; the same command reads the replies/.test(note)),
        route === "look" || route === "content",
      );
    });
  }
}

test("an answer to `create` that is lost does not make a second batch", async (t) => {
  for (const lose of ["cut", "500"] as const) {
    const server = await batchServer(t, {
      instead: (route, response, nth) => {
        if (route !== "create" || nth > 1) return false;
        if (lose === "cut") response.destroy();
        else refuse(response, 500, "oops");
        return true;
      },
    });
    const disk = emptyDisk();
    const { error } = await sit(server.baseURL, disk, requestsOf(3));
    t.is(error, null);
    t.is(server.batches.length, 1);
    wholeAndOnce(t, disk, server, 3);
  }
});

test("a batch is found behind more than a page of others", async (t) => {
  const server = await batchServer(t, {
    instead: (route, response) => {
      if (route !== "create") return false;
      for (let other = 0; other < 230; other += 1)
        server.batches.push({
          ...server.batches[0],
          id: `batch_o${other}`,
          input_file_id: "file-x",
          lines: [],
          status: "completed",
          output_file_id: null,
          error_file_id: null,
          errors: null,
        });
      response.destroy();
      return true;
    },
  });
  const disk = emptyDisk();
  const { error } = await sit(server.baseURL, disk, requestsOf(2));
  t.is(error, null);
  t.is(server.calls.list, 3);
  wholeAndOnce(t, disk, server, 2);
});

test("every call that fails twice is repeated", async (t) => {
  const failed: Record<string, number> = {};
  const server = await batchServer(t, {
    before: (route, response) => {
      failed[route] = (failed[route] ?? 0) + 1;
      if (failed[route] > 2) return false;
      if (failed[route] === 1) refuse(response, 429, "slow down", {}, { "retry-after-ms": "10" });
      else response.destroy();
      return true;
    },
  });
  const disk = emptyDisk();
  const { error } = await sit(server.baseURL, disk, requestsOf(3));
  t.is(error, null);
  wholeAndOnce(t, disk, server, 3);
});

test("an expired batch: the half that has replies is read, the other half is asked again", async (t) => {
  const server = await batchServer(t, {
    end: (batch) => {
      if (batch.id !== "batch_1") return server.finish(batch);
      const [half, rest] = [batch.lines.slice(0, 5), batch.lines.slice(5)];
      const words = "This request could not be executed before the completion window expired.";
      server.finish(batch, {
        status: "expired",
        answered: half,
        errors: rest.map((line) => errorLine(line, null, words, "batch_expired")),
      });
    },
  });
  const disk = emptyDisk();
  const { error, notes, admitted } = await sit(server.baseURL, disk, requestsOf(10));
  t.is(error, null);
  wholeAndOnce(t, disk, server, 10);
  t.deepEqual(
    server.batches.map(({ lines }) => lines.length),
    [10, 5],
  );
  t.deepEqual(
    admitted.map((keys) => keys.length),
    [10, 5],
  );
  t.true(notes.includes("batch batch_1 expired: 5 requests are asked again"));
});

test("a batch that expires each time is given up after `retries`, in words", async (t) => {
  const server = await batchServer(t, { end: (batch) => server.finish(batch, { status: "expired", answered: [] }) });
  const disk = emptyDisk();
  const { faults, error } = await sit(server.baseURL, disk, requestsOf(2), { engine: { retries: 1 } });
  t.is(error, null);
  t.is(server.batches.length, 2);
  t.regex(faults.get("key-0001")?.message ?? "", /ended a batch \(expired\) without a word on the request, 2 times/);
  t.is(disk.ledger.size, 0);
});

test("error lines: what stays fails its request, what passes is asked again, what is withheld is a reply", async (t) => {
  const server = await batchServer(t, {
    end: (batch) => {
      if (batch.id !== "batch_1") return server.finish(batch);
      const [long, busy, flagged, gone, ...rest] = batch.lines;
      if (long === undefined || busy === undefined || flagged === undefined || gone === undefined) return;
      server.finish(batch, {
        answered: rest,
        errors: [
          errorLine(long, 400, `context length exceeded, says ${secret}`),
          errorLine(busy, 500, "oops"),
          errorLine(flagged, 400, "The prompt was flagged", "content_filter"),
          errorLine(gone, 429, "slow down"),
        ],
      });
    },
  });
  const disk = emptyDisk();
  const { error, faults, notes } = await sit(server.baseURL, disk, requestsOf(8), { engine: { apiKey: secret } });
  t.is(error, null);
  t.deepEqual([...faults.keys()], ["key-0000"]);
  t.is(faults.get("key-0000")?.code, "JUDGE_RESPONSE");
  t.regex(faults.get("key-0000")?.message ?? "", /refuses the request \(400: context length exceeded, says \[key\]\)/);
  t.is(disk.replies.get("key-0002")?.reply.ended, "withheld");
  t.deepEqual(
    server.batches.map(({ lines }) => lines.map(({ custom_id }) => custom_id)),
    [requestsOf(8).map(({ key }) => key), ["key-0001", "key-0003"]],
  );
  t.true(notes.includes("batch batch_1 completed: 2 requests are asked again"));
  t.deepEqual([...new Set(server.paid.values())], [1]);
});

test("a field the model does not take is learned from the error lines, and all are asked without it", async (t) => {
  const server = await batchServer(t, {
    end: (batch) => {
      const refused = batch.lines.filter(({ body }) => "max_tokens" in body);
      const words = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";
      const answered = batch.lines.filter((line) => !refused.includes(line));
      server.finish(batch, { answered, errors: refused.map((line) => errorLine(line, 400, words)) });
    },
  });
  const disk = emptyDisk();
  const { error, log } = await sit(server.baseURL, disk, requestsOf(6));
  t.is(error, null);
  wholeAndOnce(t, disk, server, 6);
  t.is(server.batches.length, 2);
  t.is(log.filter((line) => line.startsWith("warn")).length, 1, "said once");
});

test("lines that are no JSON, name nobody or come twice: the others are read, and who is missing is asked again", async (t) => {
  const server = await batchServer(t, {
    end: (batch) => {
      if (batch.id !== "batch_1") return server.finish(batch);
      const [first, second, third, ...rest] = batch.lines;
      if (first === undefined || second === undefined || third === undefined) return;
      const line = JSON.stringify(answerOf(first));
      const other = JSON.stringify({ ...answerOf(first), custom_id: "somebody-else" });
      const empty = JSON.stringify({ ...answerOf(second), response: { status_code: 200, body: { choices: [] } } });
      const extra = [line.slice(0, 40), "[1, 2]", "{}", other, empty, "", line, line.replace("question 0", "other")];
      server.finish(batch, { answered: rest, extra: `${extra.join("\n")}\n` });
      server.paid.set(first.custom_id, 1);
    },
  });
  const disk = emptyDisk();
  const { error, log } = await sit(server.baseURL, disk, requestsOf(6));
  t.is(error, null);
  wholeAndOnce(t, disk, server, 6);
  t.deepEqual(
    server.batches[1]?.lines.map(({ custom_id }) => custom_id),
    ["key-0001", "key-0002"],
  );
  t.true(log.some((line) => /batch_1: 3 lines cannot be read/.test(line)));
});

test("an output that is gone is told, and asked again", async (t) => {
  const server = await batchServer(t, {
    end: (batch) => {
      server.finish(batch);
      if (batch.id === "batch_1") server.files.delete(batch.output_file_id ?? "");
    },
  });
  const disk = emptyDisk();
  const { error, notes } = await sit(server.baseURL, disk, requestsOf(2));
  t.is(error, null);
  t.is(disk.replies.size, 2);
  t.true(notes.some((note) => /batch_1: the endpoint no longer has its replies/.test(note)));
});

test("replies that nobody asks for now are read when they are asked for", async (t) => {
  const server = await batchServer(t);
  const disk = emptyDisk();
  await sit(server.baseURL, disk, requestsOf(6), { writes: 2 });
  t.is(server.batches.length, 1);
  t.is((await sit(server.baseURL, disk, requestsOf(2))).error, null);
  t.is(disk.replies.size, 2);
  const { error, resumed } = await sit(server.baseURL, disk, requestsOf(6));
  t.is(error, null);
  t.is(resumed.length, 4);
  t.is(server.batches.length, 1);
  wholeAndOnce(t, disk, server, 6);
});

const refusals = {
  "a wrong key": [401, "Incorrect API key provided: KEY", "JUDGE_UNAUTHORIZED", /refuses the key \(401: .*\[key\]/],
  "no Files API": [404, "Not Found", "JUDGE_BATCH_UNSUPPORTED", /takes no batches \(404: Not Found\)/],
  "a method that is not allowed": [405, "Method Not Allowed", "JUDGE_BATCH_UNSUPPORTED", /takes no batches \(405/],
  "a refusal for good": [400, "no such purpose", "JUDGE_BATCH_FAILED", /refuses the request \(400: no such purpose\)/],
  "a server that is down": [500, "on fire", "JUDGE_UNREACHABLE", /fails \(500: on fire\)/],
} as const;

for (const [name, [status, words, code, message]] of Object.entries(refusals)) {
  for (const where of ["upload", "create"] as const) {
    test(`${name} at the ${where}: ${code}, nothing left behind but what is not clear`, async (t) => {
      const server = await batchServer(t, {
        before: (route, response) => {
          if (route !== where) return false;
          refuse(response, status, words.replace("KEY", secret));
          return true;
        },
      });
      const disk = emptyDisk();
      const { error, notes, log } = await sit(server.baseURL, disk, requestsOf(3), { engine: { apiKey: secret } });
      t.regex(coded(t, error, code).message, message);
      t.false(JSON.stringify([coded(t, error, code).hint, notes, log, [...disk.ledger]]).includes("canary"));
      t.is(disk.ledger.size, status === 500 && where === "create" ? 1 : 0);
      t.is(server.batches.length, 0);
      server.behave({});
      t.is((await sit(server.baseURL, disk, requestsOf(3))).error, null);
      wholeAndOnce(t, disk, server, 3);
    });
  }
}

test("a key that a server echoes as the code of its refusal is masked too", async (t) => {
  const server = await batchServer(t, {
    before: (_route, response) => {
      refuse(response, 404, "Not Found", { code: `bad_${secret}` });
      return true;
    },
  });
  const { error } = await sit(server.baseURL, emptyDisk(), requestsOf(1), { engine: { apiKey: secret } });
  t.regex(coded(t, error, "JUDGE_BATCH_UNSUPPORTED").message, /takes no batches \(404: bad_\[key\] Not Found\)$/);
});

test("a server that names the status as its code: said once", async (t) => {
  const server = await batchServer(t, {
    before: (_route, response) => {
      refuse(response, 404, "File Not Found", { code: 404, type: "not_found_error" });
      return true;
    },
  });
  const { error } = await sit(server.baseURL, emptyDisk(), requestsOf(1));
  t.regex(coded(t, error, "JUDGE_BATCH_UNSUPPORTED").message, /takes no batches \(404: File Not Found\)$/);
});

const failures = {
  "an unknown model": [
    "model_not_found",
    "The model does not exist",
    "JUDGE_MODEL",
    /has no model "small".*does not exist/,
  ],
  "a wrong line": [
    "invalid_json_line",
    "not valid JSON",
    "JUDGE_BATCH_FAILED",
    /invalid_json_line: not valid JSON \(line 3\)/,
  ],
  "a full queue": [
    "token_limit_exceeded",
    "Enqueued token limit reached",
    "JUDGE_RATE_LIMITED",
    /Enqueued token limit/,
  ],
} as const;

for (const [name, [code, words, wanted, message]] of Object.entries(failures)) {
  test(`a batch that fails as a whole, ${name}: ${wanted}; nothing of it stays`, async (t) => {
    const server = await batchServer(t, {
      end: (batch) => {
        batch.status = "failed";
        batch.errors = { object: "list", data: [{ code, message: words, line: 3, param: null }] };
      },
    });
    const disk = emptyDisk();
    const { error } = await sit(server.baseURL, disk, requestsOf(3));
    t.regex(coded(t, error, wanted).message, message);
    t.is(disk.ledger.size, 0);
    server.behave({});
    t.is((await sit(server.baseURL, disk, requestsOf(3))).error, null);
    wholeAndOnce(t, disk, server, 3);
  });
}

test("a queue that is full is tried again once other batches have ended; a budget too", async (t) => {
  const full = { data: [{ code: "token_limit_exceeded", message: "Enqueued token limit reached", line: null }] };
  const server = await batchServer(t, {
    end: (batch) => {
      if (batch.id === "batch_2" || batch.id === "batch_3") Object.assign(batch, { status: "failed", errors: full });
      else server.finish(batch);
    },
  });
  const disk = emptyDisk();
  const engine = { batch: { maxRequests: 2 } };
  t.is((await sit(server.baseURL, disk, requestsOf(6), { engine })).error, null);
  wholeAndOnce(t, disk, server, 6);

  const poor = emptyDisk();
  const room = await sit(server.baseURL, poor, requestsOf(6), {
    engine,
    admit: (keys) => {
      // Two batches at most are promised beyond what has come.
      if (Math.max(...keys.map((key) => Number(key.slice(4)))) - poor.replies.size >= 4) {
        throw new UnshiftError("JUDGE_BUDGET", "spent");
      }
    },
  });
  t.is(room.error, null);
  t.deepEqual(
    room.admitted.map((keys) => keys.length),
    [2, 2, 2],
  );
  const broke = await sit(server.baseURL, emptyDisk(), requestsOf(2), {
    admit: () => {
      throw new UnshiftError("JUDGE_BUDGET", "spent");
    },
  });
  coded(t, broke.error, "JUDGE_BUDGET");
});

test("a cancelled batch: what it gave is kept, and the rest is not sent again by itself", async (t) => {
  const server = await batchServer(t, {
    end: (batch) => server.finish(batch, { status: "cancelled", answered: batch.lines.slice(0, 2) }),
  });
  const disk = emptyDisk();
  const { error } = await sit(server.baseURL, disk, requestsOf(5));
  t.regex(
    coded(t, error, "JUDGE_BATCH_FAILED").message,
    /batch_1 was cancelled at .*; 3 of its 5 requests have no reply/,
  );
  t.is(disk.replies.size, 2);
  t.is(server.batches.length, 1);
  server.behave({});
  t.is((await sit(server.baseURL, disk, requestsOf(5))).error, null);
  wholeAndOnce(t, disk, server, 5);
});

test("a sitting waits no longer than maxWaitMinutes; the next one reads on", async (t) => {
  const server = await batchServer(t, { looks: null });
  const disk = emptyDisk();
  const { error, notes } = await sit(server.baseURL, disk, requestsOf(3), {
    engine: { batch: { maxWaitMinutes: 0.002 } },
  });
  t.regex(
    coded(t, error, "JUDGE_BATCH_PENDING").message,
    /0 of 3 requests not finished within batch\.maxWaitMinutes \(0\.002\)/,
  );
  t.regex(notes.join(), /batch batch_1 with 3 requests goes on at 127/);
  t.is(disk.ledger.size, 1);
  server.behave({});
  t.is((await sit(server.baseURL, disk, requestsOf(3))).error, null);
  wholeAndOnce(t, disk, server, 3);
});

test("looks come less and less often, up to pollSeconds", async (t) => {
  const at: number[] = [];
  const server = await batchServer(t, {
    looks: 6,
    before: (route) => {
      if (route === "look") at.push(performance.now());
      return false;
    },
  });
  const { error } = await sit(server.baseURL, emptyDisk(), requestsOf(1), {
    engine: { batch: { pollSeconds: 0.12 } },
    times: { firstPollMs: 40 },
  });
  t.is(error, null);
  const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
  for (const [index, least] of [40, 60, 90, 120, 120, 120].entries()) {
    t.true((waits[index] ?? 0) >= least - 5, `look ${index + 2} after ${waits[index]} ms, not ${least}`);
  }
});

test("a batch the endpoint does not know, and an endpoint that lists none: told with the way out", async (t) => {
  const server = await batchServer(t);
  const lost = emptyDisk();
  lost.ledger.set("file-9", { batch: "batch_9", keys: ["key-0000"] });
  const unknown = await sit(server.baseURL, lost, requestsOf(2));
  t.regex(coded(t, unknown.error, "JUDGE_BATCH_FAILED").message, /knows no batch batch_9 \(404: No batch found/);
  t.false(unknown.notes.some((note) => /batch_9.* goes on/.test(note)));
  t.is(lost.replies.size, 1, "the others are read all the same");

  server.behave({
    before: (route, response) => {
      if (route === "list") refuse(response, 404, "Not Found");
      return route === "list";
    },
  });
  const unclear = emptyDisk();
  unclear.ledger.set("file-9", { batch: null, keys: ["key-0000"] });
  const unlisted = coded(t, (await sit(server.baseURL, unclear, requestsOf(1))).error, "JUDGE_BATCH_FAILED");
  t.regex(
    unlisted.message,
    /lists no batches \(404: Not Found\): whether one was made of file file-9 cannot be found out/,
  );
  t.regex(unlisted.hint ?? "", /ledger\.jsonl/);

  const broken = emptyDisk();
  broken.ledger.set("file-9", "batch_9");
  const { error } = await sit(server.baseURL, broken, requestsOf(1));
  t.true(isUnshiftError(error) && error.code === "RUN_CORRUPT");
});

test("an empty list of no data is a list", async (t) => {
  const server = await batchServer(t, {
    before: (route, response) => {
      if (route === "list") response.writeHead(200, { "content-type": "application/json" }).end('{"data": null}');
      return route === "list";
    },
  });
  const disk = emptyDisk();
  disk.ledger.set("file-9", { batch: null, keys: ["key-0000"] });
  t.is((await sit(server.baseURL, disk, requestsOf(1))).error, null);
  t.is(server.calls.delete, 1, "the file of no batch is taken back");
  wholeAndOnce(t, disk, server, 1);
});

test("the key is sent with every call, and stands in nothing that is kept or told", async (t) => {
  const server = await batchServer(t, { looks: 2 });
  const disk = emptyDisk();
  const { error, notes, waiting, log } = await sit(server.baseURL, disk, requestsOf(3), {
    engine: { apiKey: secret, extra: { user: "somebody" } },
  });
  t.is(error, null);
  t.true(server.headers.length >= 5);
  t.true(server.headers.every(({ authorization }) => authorization === `Bearer ${secret}`));
  t.false(JSON.stringify([[...disk.ledger], [...disk.replies], notes, waiting, log]).includes("canary"));
});
