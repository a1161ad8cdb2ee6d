/** `tripline serve`: the service, until it is told to stop. */

import { startService } from "../app/compose.ts";
import { readConfig, type Config } from "../app/config.ts";
import { createLogger, type Logger } from "../app/logger.ts";
import { StoppedError } from "../app/resources.ts";
import { systemClock } from "../app/system-clock.ts";
import { UserError } from "../core/errors.ts";
import { EXIT } from "./exit-code.ts";
import { UsageError } from "./usage.ts";

export async function serve(args: string[]): Promise<number> {
  const config = settings(args);
  const log = createLogger(config.logLevel);
  const stop = stopOnSignals(log);
  try {
    const service = await startService({ config, clock: systemClock, log, signal: stop });
    process.stdout.write(`Tripline is ready at ${service.url} (try ${service.url}/docs)\n`);
    const failure = await Promise.race([service.failed, aborted(stop), aborted(service.askedToStop)]);
    if (failure !== null) log.fatal({ err: failure }, "the service cannot go on");
    exitAfter(failure === null ? STOP_MS_MAX : FAILED_STOP_MS_MAX);
    await service.stop();
    return failure === null ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (error instanceof StoppedError) return EXIT.ok;
    if (error instanceof UserError) throw error;
    log.fatal({ err: error }, "the service could not start");
    return EXIT.failed;
  }
}

function settings(args: readonly string[]): Config {
  try {
    return readConfig({ args, env: process.env });
  } catch (error) {
    throw error instanceof UserError ? new UsageError(error.message, error.hint) : error;
  }
}

/** Nothing keeps the process for longer once it is to stop. */
const STOP_MS_MAX = 30_000;
/** Without its database, or its place as the one writer, there is nothing worth waiting for; a supervisor starts the next one. */
const FAILED_STOP_MS_MAX = 2_000;

function exitAfter(ms: number): void {
  setTimeout(() => process.exit(EXIT.failed), ms).unref();
}

/** Aborts at the first signal; the second one does not wait. */
function stopOnSignals(log: Logger): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(EXIT.failed);
      log.info({ signal }, "stopping; a second signal does not wait");
      stop.abort();
    });
  }
  return stop.signal;
}

function aborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
}
