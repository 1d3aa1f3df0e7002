/** llama.cpp's own RPC server on a free port of this machine, for tests. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect, createServer } from "node:net";
import process from "node:process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(
  new URL(`../../../build/bin/ggml-rpc-server${process.platform === "win32" ? ".exe" : ""}`, import.meta.url),
);

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @param {number} port */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** Null where it is not built (native/scripts/build-llama-tools.mjs). The caller ends it. */
export async function startRpcServer() {
  if (!existsSync(program)) return null;
  const port = await freePort();
  const child = spawn(program, ["--host", "127.0.0.1", "--port", String(port), "--threads", "1"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  // It says nothing before its first client comes.
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`the RPC server ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { process: child, endpoint: `127.0.0.1:${port}` };
}
