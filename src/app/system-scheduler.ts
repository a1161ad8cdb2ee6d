/** What comes later by itself, by the machine's timers. They keep no process from ending. */

import { setImmediate as turn } from "node:timers/promises";
import type { Scheduler } from "../engine/ports.ts";

/** A timer for longer would go off at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export const systemScheduler: Scheduler = {
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, TIMER_MS_MAX));
    timer.unref();
    return () => clearTimeout(timer);
  },
  turn: () => turn(),
};
