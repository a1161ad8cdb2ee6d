/** The machine's clock: the one place that reads the time. */

import type { Clock } from "../engine/ports.ts";

export const systemClock: Clock = { now: () => Date.now() };
