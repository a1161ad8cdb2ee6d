/** The log: one JSON object a line, on standard error; standard output is for people. */

import { destination, pino, stdTimeFunctions, type Logger } from "pino";
import type { LogLevel } from "./config.ts";

export type { Logger };

export function createLogger(level: LogLevel): Logger {
  // Synchronous: the last line before the process ends is the one that is needed.
  return pino({ level, base: null, timestamp: stdTimeFunctions.isoTime }, destination({ dest: 2, sync: true }));
}
