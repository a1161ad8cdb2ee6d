/** Processor time of each thread of a process, where Linux tells it: on a busy machine it says more than the clock does. */

import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Of the kernel's clock ticks there are a hundred a second. */
const TICK_MS = 10;
/** Fields of `stat` after the name, which is in brackets: user and system time. */
const [USER, SYSTEM] = [11, 12];

/** Milliseconds by thread; null elsewhere. */
export function threadTimes(pid) {
  const folder = `/proc/${pid}/task`;
  if (!existsSync(folder)) return null;
  return new Map(
    readdirSync(folder).map((thread) => {
      const stat = readFileSync(`${folder}/${thread}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [thread, TICK_MS * (Number(fields[USER]) + Number(fields[SYSTEM]))];
    }),
  );
}

/** What the thread that did most has taken since; null where nobody knows. */
export function busiestSince(before, pid) {
  const now = before === null ? null : threadTimes(pid);
  if (now === null) return null;
  return Math.max(...[...now].map(([thread, ms]) => ms - (before.get(thread) ?? 0)));
}
