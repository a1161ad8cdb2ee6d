/** The one place where the parts are put together: the database, the stores, the engine's service, deliveries, HTTP. */

import { migrateQueue } from "../delivery/queue.ts";
import { sendTest } from "../delivery/test-delivery.ts";
import { WebhookSender } from "../delivery/webhook-sender.ts";
import { DeliveryWorker } from "../delivery/worker.ts";
import type { Clock } from "../engine/ports.ts";
import { EngineService } from "../engine/service.ts";
import type { Backend } from "../http/context.ts";
import { listen } from "../http/server.ts";
import { migrate } from "../store/migrate.ts";
import { createPool, createQueuePool } from "../store/pool.ts";
import { postgresStores } from "../store/stores.ts";
import { acquireWriterLock } from "../store/writer-lock.ts";
import { countAttempts } from "./attempt-counts.ts";
import { isLoopback, type Config } from "./config.ts";
import { watchDatabase } from "./database-watch.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { crashingAt } from "./fault-points.ts";
import type { Logger } from "./logger.ts";
import { createPatience } from "./patience.ts";
import { Readiness } from "./readiness.ts";
import { Resources, StoppedError } from "./resources.ts";
import { loadRuleFolder } from "./rule-folder.ts";

export interface RunningService {
  readonly url: string;
  /** Resolves with the reason when the service has lost what it cannot work without; it has to be stopped then. */
  readonly failed: Promise<Error>;
  /** Lets what is under way finish, and closes everything. */
  stop(): Promise<void>;
}

export interface ServiceSurroundings {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborts when the service is to stop; also while it starts, which then rejects with StoppedError. */
  readonly signal: AbortSignal;
}

/** Requests under way may go on for so long once the service is to stop. */
const CLOSE_GRACE_MS = 10_000;

/** Resolves when the service is ready; `/healthz` and `/readyz` are answered before that. UserErrors for what the user can mend. */
export async function startService(surroundings: ServiceSurroundings): Promise<RunningService> {
  const { config, clock, log, signal } = surroundings;
  const readiness = new Readiness();
  const resources = new Resources(log);
  let backend: Backend | null = null;
  const server = await listen(
    {
      backend: () => backend,
      notReadyReasons: () => readiness.reasons(),
      clock,
      log,
      settings: {
        token: config.token,
        hosts: config.token === null && isLoopback(config.host) ? config.hosts : null,
        processMetrics: true,
      },
    },
    config,
  );
  const stopping = new AbortController();
  const close = async (): Promise<void> => {
    readiness.set("phase", "the service is stopping");
    await server.close(CLOSE_GRACE_MS);
    stopping.abort();
    await resources.closeAll();
  };
  let closed: Promise<void> | null = null;
  const stop = (): Promise<void> => (closed ??= close());
  signal.addEventListener("abort", () => void stop(), { once: true });
  const failure = new Failure();
  try {
    signal.throwIfAborted();
    backend = await openBackend({ ...surroundings, resources, readiness, failure, stopping: stopping.signal });
  } catch (error) {
    await stop();
    // Closed under its hands, what was being opened fails in ways of its own.
    throw signal.aborted ? new StoppedError() : error;
  }
  readiness.set("phase", null);
  return { url: server.url, failed: failure.happened, stop };
}

interface Opening extends Omit<ServiceSurroundings, "signal"> {
  readonly resources: Resources;
  readonly readiness: Readiness;
  readonly failure: Failure;
  /** Aborts when no request is under way any more: nothing is waited for then. */
  readonly stopping: AbortSignal;
}

/** Opens from the bottom up; `resources` closes from the top down: service, deliveries, pools, lock, database. */
async function openBackend(opening: Opening): Promise<Backend> {
  const { config, clock, log, resources, readiness, failure, stopping } = opening;
  readiness.set("phase", "the database is starting");
  const url = config.databaseUrl ?? (await openEmbeddedPostgres(opening));
  const lock = await resources.open("writer lock", {
    open: () => acquireWriterLock(url),
    close: (held) => held.release(),
  });
  void lock.lost.then((error) => failure.happen(error));
  const pool = await resources.open("pool", { open: async () => createPool(url), close: (opened) => opened.end() });
  const queuePool = await resources.open("queue pool", {
    open: async () => createQueuePool(url),
    close: (opened) => opened.end(),
  });
  await migrate(pool);
  await migrateQueue(queuePool);
  await resources.open("database watch", {
    open: async () =>
      watchDatabase(
        () => pool.query("select 1"),
        (isThere) => {
          readiness.set("database", isThere ? null : "the database does not answer");
          log[isThere ? "info" : "error"](
            { isThere },
            isThere ? "the database is back" : "the database does not answer",
          );
        },
      ),
    close: (end) => end(),
  });

  const stores = postgresStores({ pool, clock });
  const { log: eventLog, alerts, ledger } = config.crashAt === null ? stores : crashingAt(config.crashAt, stores);
  const attempts = countAttempts(ledger);
  const sender = new WebhookSender({ clock, allowPrivate: config.privateWebhooks });
  await resources.open("delivery worker", {
    open: async () =>
      new DeliveryWorker({
        pool: queuePool,
        ledger: attempts.ledger,
        sender,
        clock,
        onError: (error) => log.warn({ err: error }, "deliveries are held up"),
      }),
    close: (worker) => worker.close(),
  });

  readiness.set("phase", "the log is being read again");
  const service = await resources.open("service", {
    open: async () => {
      const opened = new EngineService({
        log: eventLog,
        alerts,
        clock,
        patience: createPatience({ log, signal: stopping }),
        failed: (error) => failure.happen(error),
      });
      await opened.open();
      return opened;
    },
    close: (opened) => opened.close(),
  });
  readiness.set("phase", "the rules are being loaded");
  await loadRuleFolder({ folder: config.rulesDir, service, log });
  return {
    ...stores,
    service,
    attempts: attempts.counts,
    checkEndpoint: (endpoint) => sender.checkEndpoint(endpoint),
    sendTest: (destination) => sendTest({ sender, destination, clock }),
  };
}

async function openEmbeddedPostgres({ config, log, resources, failure }: Opening): Promise<string> {
  const postgres = await resources.open("embedded Postgres", {
    open: () => startEmbeddedPostgres({ dataDir: config.dataDir }),
    close: (opened) => opened.stop(),
  });
  log.info({ folder: postgres.folder }, "embedded Postgres is up");
  void postgres.exited.then((said) => failure.happen(new Error(`the embedded Postgres has ended: ${said}`)));
  return postgres.url;
}

/** The first thing that went wrong for good. */
class Failure {
  readonly happened: Promise<Error>;
  #resolve: (error: Error) => void = () => undefined;

  constructor() {
    this.happened = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  happen(error: unknown): void {
    this.#resolve(error instanceof Error ? error : new Error(String(error)));
  }
}
