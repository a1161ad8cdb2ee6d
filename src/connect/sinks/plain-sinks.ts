/** Sinks that give no guarantee of their own: a text stream such as the console, and whatever a function does with the values. */

import { once } from "node:events";
import type { Writable } from "node:stream";
import type { IdempotentSink } from "../../stream/index.ts";
import { lineFormat, type TextFormat } from "./text-format.ts";

export interface ConsoleSinkOptions<T> {
  /** Default: texts as they are, other values as JSON, a line each. */
  readonly format?: TextFormat<T>;
  /** Default: the process's standard output. It is not ended. */
  readonly to?: Writable;
}

/** At least once: after a failure, what came since the last checkpoint is written again. */
export function consoleSink<T>({ format, to = process.stdout }: ConsoleSinkOptions<T> = {}): IdempotentSink<T> {
  const { header, record } = format ?? lineFormat<T>(textOf);
  let begun = false;
  return {
    async write(values) {
      const text = (begun ? "" : header) + values.map((value) => record(value)).join("");
      begun = true;
      if (!to.write(text)) await once(to, "drain");
    },
    close: async () => undefined,
  };
}

/**
 * The function is called with values in their order, and again with the next when what it returns has resolved: until then the sources
 * wait, too. Exactly once in effect, if a value that comes again changes nothing; at least once otherwise.
 */
export function callbackSink<T>(call: (values: readonly T[]) => Promise<void> | void): IdempotentSink<T> {
  return {
    write: async (values) => call(values),
    close: async () => undefined,
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
