import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { comparePair, info, loadModel } from "../load.mjs";
import { randomIds, sameBits, small, tinyModel } from "./support/models.mjs";
import { startRpcServer } from "./support/rpc-server.mjs";

const servers = [];
test.before(async () => {
  servers.push(await startRpcServer(), await startRpcServer());
});
test.after.always(() => {
  for (const server of servers) server?.process.kill();
});

/** Runs `body` where the server is built; says so where it is not. */
const withServers = (title, body) =>
  test.serial(title, async (t) => {
    const endpoints = servers.flatMap((server) => server?.endpoint ?? []);
    if (endpoints.length < 2) {
      t.log("not run: node native/scripts/build-llama-tools.mjs ggml-rpc-server builds the server");
      t.not(process.env["UNSHIFT_RPC_SERVER"], "required", "the server was asked for, and is not built");
      return undefined;
    }
    return body(t, endpoints);
  });

const request = {
  referencePrompt: randomIds(1, 40),
  subjectPrompt: randomIds(2, 60),
  answer: randomIds(3, 90),
  topK: 10,
};
const columns = ["klReferenceSubject", "klSubjectReference", "js", "tv"];

for (const type of ["f32", "q8_0"]) {
  withServers(`${type}: layers on two servers give the columns of this machine`, async (t, endpoints) => {
    const paths = [1, 2].map((seed) => tinyModel(`rpc-${type}-${seed}`, { type, seed, layers: 4 }));
    const compared = async (options) => {
      const models = await Promise.all(paths.map((path) => loadModel(path, options)));
      const contexts = models.map((model) => model.createContext(small));
      const result = await comparePair(...contexts, request);
      const memory = models[0].memory;
      const again = await comparePair(...contexts, request);
      t.true(columns.every((name) => sameBits(result[name], again[name])));
      for (const each of [...contexts, ...models]) each.dispose();
      return { result, memory };
    };
    const here = await compared({});
    const there = await compared({ rpc: endpoints, tensorSplit: [1, 1] });
    const devices = there.memory.filter(({ bytes }) => bytes > 0);
    t.is(devices.length, 3, JSON.stringify(there.memory));
    const would = await loadModel(paths[0], { rpc: endpoints, tensorSplit: [1, 1], sizesOnly: true });
    for (const { device, bytes } of there.memory) {
      const estimated = would.memory.find((each) => each.device === device)?.bytes ?? 0;
      t.true(Math.abs(estimated - bytes) <= 0.05 * bytes + 64 * 1024, `${device}: ${estimated} against ${bytes}`);
    }
    would.dispose();
    for (const name of columns) {
      const off = here.result[name].map((value, i) => Math.abs(value - there.result[name][i]));
      const most = Math.max(...off);
      t.log(`${name}: off by ${most === 0 ? "no bit" : `at most ${most.toExponential(1)}`}`);
      t.true(most < 1e-4, name);
    }
    t.deepEqual(there.result.reference.rank, here.result.reference.rank);
  });
}

withServers("a server's devices serve the models that name it, and no other", async (t, endpoints) => {
  const path = tinyModel("rpc-f32-1", { type: "f32", seed: 1, layers: 4 });
  await (await loadModel(path, { rpc: endpoints })).dispose();
  const model = await loadModel(path);
  t.deepEqual(
    model.memory.map(({ device }) => device),
    ["CPU"],
  );
  model.dispose();
  t.true(info().devices.some(({ description }) => description.includes(endpoints[0])));
});

test("nothing there, something else there, nobody who answers: RPC_UNREACHABLE before anything is loaded", async (t) => {
  const path = tinyModel("rpc-f32-1", { type: "f32", seed: 1, layers: 4 });
  const listen = (onConnection) =>
    new Promise((resolve) => {
      const server = createServer(onConnection).listen(0, "127.0.0.1", () => resolve(server));
    });
  const rude = await listen((socket) => {
    // Whoever asks hangs up on such an answer.
    socket.on("error", () => undefined);
    socket.end("SSH-2.0-nothing for you, whatever you may want of me\r\n");
  });
  const closed = await listen(() => undefined);
  const free = closed.address().port;
  await new Promise((resolve) => closed.close(resolve));
  for (const port of [free, rude.address().port]) {
    const error = await t.throwsAsync(loadModel(path, { rpc: [`127.0.0.1:${port}`] }));
    if (error.code === "RPC_UNSUPPORTED") return t.log("this build has no RPC backend");
    t.is(error.code, "RPC_UNREACHABLE");
    t.is(error.details.endpoint, `127.0.0.1:${port}`);
  }
  rude.close();
});

withServers("a server that ends in the midst of work: RPC_LOST, and the process goes on", async (t) => {
  const child = spawn(process.execPath, [fileURLToPath(new URL("support/lose-server.mjs", import.meta.url))]);
  let out = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  let err = "";
  child.stderr.on("data", (text) => {
    err += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  t.is(code, 0, err);
  t.deepEqual(JSON.parse(out), { first: "RPC_LOST", again: "RPC_LOST", open: "RPC_LOST", local: 1 });
});

if (process.env["UNSHIFT_RPC_SERVER"] === "required") {
  test("the server is built where it has to be", (t) => {
    t.true(existsSync(join(fileURLToPath(new URL("../../build/bin", import.meta.url)), "ggml-rpc-server")));
  });
}
