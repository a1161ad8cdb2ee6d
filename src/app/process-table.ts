/** What the machine tells of another process: from /proc where there is one (Linux), from `ps` elsewhere (macOS). */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const HAS_PROC = existsSync("/proc/self/stat");

/** When a live process started, as an opaque text: with its pid it names one process, although pids are used again. */
export async function processStart(pid: number): Promise<string | null> {
  if (!HAS_PROC) return ps(pid, "lstart=");
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field is the command in parentheses and may hold anything; the fields after it are counted from its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [fields[0], fields[19]];
  // A zombie only waits for its parent to read its exit code: it holds nothing any more.
  return start === undefined || state === "Z" || state === "X" ? null : start;
}

/** The command line of a live process. */
export async function processCommand(pid: number): Promise<string | null> {
  if (!HAS_PROC) return ps(pid, "command=");
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return command === "" ? null : command.replaceAll("\0", " ");
}

async function ps(pid: number, column: string): Promise<string | null> {
  const text = await run("ps", ["-o", column, "-p", String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => "",
  );
  return text === "" ? null : text;
}
