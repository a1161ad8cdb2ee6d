/** The service as a process of its own, with a data folder of its own, started from the built command line. */

import { spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "../../core/errors.ts";
import { ApiClient } from "./api-client.ts";

export interface ServiceProcess {
  readonly url: string;
  /** Resolves when the process has ended, whatever the reason. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 20_000;
const SAID_LAST_CHARACTERS = 4000;

/** `commandLine` is the built `main.js`; `folder` is where everything it writes goes. */
export async function startService({
  commandLine,
  folder,
}: {
  commandLine: string;
  folder: string;
}): Promise<ServiceProcess & { ready(signal: AbortSignal): Promise<ApiClient> }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const options = ["serve", "--port", String(port), "--data", join(folder, "data"), "--rules", join(folder, "rules")];
  const child = spawn(process.execPath, ["--enable-source-maps", commandLine, ...options], {
    env: { ...ownEnvironment(), TRIPLINE_ALLOW_PRIVATE_WEBHOOKS: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    // Its own process group, so that Ctrl-C reaches only us, and the service is stopped in order.
    detached: true,
  });
  let saidLast = "";
  const listen = (part: Buffer): void => {
    saidLast = (saidLast + String(part)).slice(-SAID_LAST_CHARACTERS);
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  let running = true;
  const exited = new Promise<void>((resolve) => {
    const ended = (): void => {
      running = false;
      resolve();
    };
    child.once("exit", ended).once("error", ended);
  });

  return {
    url,
    exited,
    async ready(signal) {
      const client = new ApiClient({ base: url, signal });
      for (let waited = 0; !(await client.isReady()); waited += 50) {
        if (!running || waited > START_PATIENCE_MS) {
          throw new UserError({ code: "demo-service", message: `the service did not start:\n${saidLast.trimEnd()}` });
        }
        await sleep(50, undefined, { signal });
      }
      return client;
    },
    async stop() {
      if (!running) return;
      child.kill("SIGTERM");
      const patience = new AbortController();
      await Promise.race([
        exited,
        sleep(STOP_PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined),
      ]);
      patience.abort();
      if (running) child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Nothing that a service of the user's own is configured with reaches the demo's. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(TRIPLINE_|DATABASE_URL$|REDIS_URL$|PORT$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
