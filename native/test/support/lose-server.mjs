/** Process of its own: loses its RPC server in the midst of a computation and prints what came of it. */
import process from "node:process";
import { loadModel } from "../../load.mjs";
import { randomIds, small, tinyModel } from "./models.mjs";
import { startRpcServer } from "./rpc-server.mjs";

const server = await startRpcServer();
if (server === null) throw new Error("the RPC server is not built");
const path = tinyModel("rpc-lost", { type: "f32", layers: 4, embedding: 256, context: 4096 });
const model = await loadModel(path, { rpc: [server.endpoint] });
const context = model.createContext({ ...small, contextSize: 4096 });
const code = (promise) =>
  promise.then(
    () => "no error",
    (error) => error.code,
  );
const tokens = randomIds(1, 4000);
const work = code(context.score({ tokens, from: 1 }));
setTimeout(() => server.process.kill("SIGKILL"), 30);
const first = await work;
const again = await code(context.score({ tokens, from: 1 }));
const open = await code(loadModel(path, { rpc: [server.endpoint] }));
context.dispose();
model.dispose();
const local = await loadModel(path);
const localContext = local.createContext(small);
const { logprob } = await localContext.score({ tokens: randomIds(1, 2), from: 1 });
localContext.dispose();
local.dispose();
process.stdout.write(JSON.stringify({ first, again, open, local: logprob.length }));
