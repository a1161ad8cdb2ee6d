/** `tripline demo`: the whole service at work for half a minute, on this machine and with nothing left behind. */

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { runDemo } from "../app/demo/demo.ts";
import { Screen } from "../app/demo/screen.ts";
import { systemClock } from "../app/system-clock.ts";
import { EXIT } from "./exit-code.ts";
import { asUsageError, UsageError } from "./usage.ts";

/** The exit status: 0 only when every alert was delivered, 130 after Ctrl-C. */
export async function demo(args: string[]): Promise<number> {
  const { seed, seconds } = options(args);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  // On for good: a second Ctrl-C must not cut the tidying up short.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  try {
    const complete = await runDemo({
      root: fileURLToPath(new URL("../../", import.meta.url)),
      commandLine: fileURLToPath(new URL("./main.js", import.meta.url)),
      seed,
      showMs: seconds * 1000,
      clock: systemClock,
      screen: new Screen(process.stdout),
      signal: interruption.signal,
    });
    return complete ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (interruption.signal.aborted) return INTERRUPTED;
    throw error;
  }
}

/** 128 and SIGINT's number: what a shell makes of Ctrl-C. */
const INTERRUPTED = 130;
const WHOLE_NUMBER = /^\d{1,9}$/;

function options(args: string[]): { readonly seed: number; readonly seconds: number } {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: { seed: { type: "string", default: "1" }, seconds: { type: "string", default: "26" } },
    }));
  } catch (error) {
    throw asUsageError(error);
  }
  for (const [name, value] of Object.entries(values)) {
    if (!WHOLE_NUMBER.test(value))
      throw new UsageError(`--${name} is ${JSON.stringify(value)}; expected a whole number`);
  }
  return { seed: Number(values.seed), seconds: Number(values.seconds) };
}
