/** The command line as a person runs it: a process of its own, with what it printed and how it ended. */

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { compiledSources } from "./compiled.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Given {
  readonly stdin?: string | Buffer;
  /** Beside what this process has. */
  readonly env?: Readonly<Record<string, string>>;
}

export type CommandLine = (args: readonly string[], given?: Given) => Promise<Ended>;

/** Call it where `describe` is called. */
export function commandLine(): CommandLine {
  const source = compiledSources();
  return async (args, { stdin = "", env = {} } = {}) => {
    const child = spawn(process.execPath, [fileURLToPath(source("cli/main.ts")), ...args], {
      stdio: "pipe",
      env: { ...process.env, ...env },
    });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    child.stdin.end(stdin);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, stdout, stderr };
  };
}
