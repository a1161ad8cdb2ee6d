/** The running server: a guard shell that owns a pipe from us, and under it `postgres`. */

import { type ChildProcess, spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../core/errors.ts";
import { PLAIN_ENVIRONMENT } from "./postgres-data-folder.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { processCommand } from "./process-table.ts";
import type { Account } from "./unprivileged-account.ts";

export interface Postmaster {
  /** Resolves when the server has ended, whatever the reason, with what it said last. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/**
 * The pipe closes when we end in any way, SIGKILL included, and the shell then tells the server to shut down (SIGINT:
 * quickly, but in order), so that no server is ever left without its service.
 */
const GUARD = `
  exec 3<&0
  "$@" </dev/null 3<&- &
  server=$!
  (cat <&3 >/dev/null; kill -INT $server 2>/dev/null) &
  exec 3<&-
  wait $server`;

const POLL_MS = 10;
const LAST_WORDS_LENGTH = 4000;

export async function startPostmaster({
  folder,
  account,
  binaries,
  settings,
}: {
  folder: string;
  account: Account | null;
  binaries: PostgresBinaries;
  settings: Readonly<Record<string, string>>;
}): Promise<Postmaster> {
  await endLeftover(folder);
  const pidFileBefore = await pidFile(folder);
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const guard = spawn(
    "/bin/sh",
    ["-c", GUARD, "tripline-postgres", binaries.path("postgres"), "-D", folder, ...flags],
    // A process group of its own: Ctrl-C reaches only us, and we drain before the database goes.
    { ...account, ...PLAIN_ENVIRONMENT, detached: true, stdio: ["pipe", "ignore", "pipe"] },
  );
  const exited = lastWords(guard);
  let hasExited = false;
  void exited.then(() => (hasExited = true));
  while (!(await isReady(folder, pidFileBefore))) {
    if (hasExited) throw didNotStart(folder, await exited);
    await sleep(POLL_MS);
  }
  guard.unref();
  return {
    exited,
    async stop() {
      guard.ref();
      guard.stdin?.end();
      await exited;
    },
  };
}

function lastWords(guard: ChildProcess): Promise<string> {
  let words = "";
  guard.stderr?.on("data", (bytes: Buffer) => (words = (words + String(bytes)).slice(-LAST_WORDS_LENGTH)));
  guard.stdin?.on("error", () => undefined); // the pipe of a server that ended by itself
  return new Promise((resolve) => {
    guard.once("error", (error) => resolve(error.message));
    guard.once("exit", () => {
      guard.stdin?.destroy(); // lets the guard's second half end when the server went first
      resolve(words.trim());
    });
  });
}

function didNotStart(folder: string, words: string): UserError {
  return new UserError({
    code: "postgres-did-not-start",
    message: `the embedded Postgres did not start on ${folder}: ${words || "it said nothing"}`,
    hint: "set DATABASE_URL to use a Postgres of your own",
  });
}

/** Postgres writes `ready` on line 8 of its pid file; a file that a power cut left behind says so too. */
async function isReady(folder: string, before: string): Promise<boolean> {
  const now = await pidFile(folder);
  return now !== before && now.split("\n")[7]?.trim() === "ready";
}

function pidFile(folder: string): Promise<string> {
  return readFile(join(folder, "postmaster.pid"), "utf8").catch(() => "");
}

/**
 * We hold the claim on the folder, so a server still running on it is ending, or lost its guard. A pid file whose number
 * now names another program would make Postgres refuse to start for ever (in a container, numbers come again).
 */
async function endLeftover(folder: string): Promise<void> {
  const pid = Number((await pidFile(folder)).split("\n")[0]);
  if (!(pid > 1)) return;
  const command = await processCommand(pid);
  if (command === null) return;
  if (!command.includes(folder)) return rm(join(folder, "postmaster.pid"), { force: true });
  signalIfAlive(pid, "SIGINT");
  while ((await processCommand(pid))?.includes(folder)) await sleep(POLL_MS);
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
