/** The built service as a process of its own: a free port, a temporary folder, its embedded Postgres. */

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const COMMAND_LINE = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
/** As `npm start` runs it. */
const NODE_FLAGS = ["--enable-source-maps", "--max-semi-space-size=64"];
const START_PATIENCE_MS = 60_000;

/** Runs `use({ url, pid })` beside a service that is started before and stopped after; `flags` are Node's, `settings` the service's. */
export async function withService(use, { flags = [], settings = [] } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "tripline-bench-"));
  try {
    const service = await start({ folder, flags, settings });
    try {
      return await use(service);
    } finally {
      await service.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function start({ folder, flags, settings }) {
  const port = await freePort();
  const options = ["--port", port, "--data", path.join(folder, "data"), "--rules", path.join(folder, "rules")];
  const child = spawn(
    process.execPath,
    [...NODE_FLAGS, ...flags, COMMAND_LINE, "serve", ...options.map(String), ...settings],
    {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TRIPLINE_ALLOW_PRIVATE_WEBHOOKS: "true",
        LOG_LEVEL: "warn",
      },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill("SIGTERM");
    await exited;
  };
  for (let waited = 0; !(await isReady(url)); waited += 50) {
    if (child.exitCode !== null || waited > START_PATIENCE_MS) {
      await stop();
      throw new Error("the service did not start");
    }
    await sleep(50);
  }
  return { url, pid: child.pid, stop };
}

async function isReady(url) {
  const answer = await fetch(`${url}/readyz`).catch(() => null);
  await answer?.body?.cancel();
  return answer?.ok === true;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
