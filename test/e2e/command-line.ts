/** The built `bin/tripline` as a process: what it was given, and what it said. */

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { COMMAND_LINE, plainEnvironment } from "./service-process.ts";

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function tripline(
  args: readonly string[],
  { stdin = "" }: { stdin?: string | Buffer } = {},
): Promise<Said> {
  const child = spawn(process.execPath, [COMMAND_LINE, ...args], { env: plainEnvironment() });
  child.stdin.on("error", () => undefined); // it may end without having read everything
  child.stdin.end(stdin);
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

/** The objects of newline-delimited JSON. */
export function parseLines<T>(lines: string): T[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}
