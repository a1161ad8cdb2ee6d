/** `tripline demo`: the whole service at work for half a minute, on this machine and with nothing left behind. */

import { fileURLToPath } from "node:url";

import { runDemo } from "../app/demo/demo.ts";
import { Screen } from "../app/demo/screen.ts";
import { systemClock } from "../app/system-clock.ts";
import { EXIT } from "./exit-code.ts";
import { UsageError } from "./usage.ts";

/** The exit status: 0 only when every alert was delivered, 130 after Ctrl-C. */
export async function demo(args: readonly string[]): Promise<number> {
  const seed = seedOf(args);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  // On for good: a second Ctrl-C must not cut the tidying up short.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  try {
    const complete = await runDemo({
      root: fileURLToPath(new URL("../../", import.meta.url)),
      commandLine: fileURLToPath(new URL("./main.js", import.meta.url)),
      seed,
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
const SEED_DEFAULT = 1;

function seedOf(args: readonly string[]): number {
  const [flag, value, ...others] = args;
  if (flag === undefined) return SEED_DEFAULT;
  if (flag !== "--seed" || value === undefined || !/^\d{1,9}$/.test(value) || others.length > 0) {
    const given = JSON.stringify(args.join(" "));
    throw new UsageError(
      `\`demo\` does not know ${given}`,
      "tripline demo, or tripline demo --seed N for another hour",
    );
  }
  return Number(value);
}
