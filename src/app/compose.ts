/** The one place where the parts are put together: the database, the stores, the engine's service, deliveries, HTTP. */

import { sendTest } from "../delivery/test-delivery.ts";
import { WebhookSender } from "../delivery/webhook-sender.ts";
import { DeliveryWorker, type DeliveryWorkerOptions } from "../delivery/worker.ts";
import type { AlertSinkOptions } from "../engine/log/alert-sink.ts";
import type { Clock } from "../engine/ports.ts";
import { EngineService } from "../engine/service/service.ts";
import type { Backend } from "../http/context.ts";
import { listen } from "../http/server.ts";
import { PostgresAlertKeeper } from "../store/alert-pruning.ts";
import { fileCheckpoints } from "../store/checkpoints/file-checkpoints.ts";
import { postgresStores, type Stores } from "../store/stores.ts";
import { openAlertSink } from "./alert-sink.ts";
import { countAttempts } from "./attempt-counts.ts";
import { isLoopback, type Config } from "./config.ts";
import { openDatabase } from "./database.ts";
import { crashingAt, type CrashablePorts } from "./fault-points.ts";
import { type Household, Housekeeping } from "./housekeeping.ts";
import { startTicking } from "./idle-ticker.ts";
import type { Logger } from "./logger.ts";
import { Failure, type Opening } from "./opening.ts";
import { createPatience } from "./patience.ts";
import { Readiness } from "./readiness.ts";
import { systemScheduler } from "./system-scheduler.ts";
import { Resources, StoppedError } from "./resources.ts";
import { openShardThread } from "./shard-threads.ts";
import { loadRuleFolder } from "./rule-folder.ts";

export interface RunningService {
  readonly url: string;
  /** Resolves with the reason when the service has lost what it cannot work without; it has to be stopped then. */
  readonly failed: Promise<Error>;
  /** Aborts when somebody has asked the service to stop, over HTTP. */
  readonly askedToStop: AbortSignal;
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
      notReadyReasons: () => [...readiness.reasons(), ...(backend?.service.troubles() ?? [])],
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
  const asked = new AbortController();
  try {
    signal.throwIfAborted();
    const opening = openBackend({ ...surroundings, resources, readiness, failure, asked, stopping: stopping.signal });
    opening.catch(() => undefined); // where the failure was first, what comes of the opening is told to nobody
    // The database or the writer lock can be lost while the log is being read again, and nothing may go on without them.
    backend = await Promise.race([opening, failure.happened.then((error) => Promise.reject(error))]);
    signal.throwIfAborted();
  } catch (error) {
    await stop();
    // Closed under its hands, what was being opened fails in ways of its own.
    throw signal.aborted ? new StoppedError() : error;
  }
  readiness.set("phase", null);
  return { url: server.url, failed: failure.happened, askedToStop: asked.signal, stop };
}

async function openBackend(opening: Opening): Promise<Backend> {
  const { config, clock, log, readiness } = opening;
  readiness.set("phase", "the database is starting");
  const { pool, queuePool, lock } = await openDatabase(opening);
  const stores = openStores(config, { pool, clock, mayWrite: () => lock.held() });
  const durable = config.crashAt === null ? stores : crashingAt(config.crashAt, stores);

  const attempts = countAttempts(durable.ledger);
  const sender = new WebhookSender({ clock, allowPrivate: config.privateWebhooks });
  await openDeliveries(opening, { pool: queuePool, ledger: attempts.ledger, sender });

  readiness.set("phase", "the log is being read again");
  const sink = await openAlertSink(opening, pool);
  const service = await openEngine(opening, { ...durable, poison: stores.poison, sink });
  const alertKeeper = new PostgresAlertKeeper({ pool, mayWrite: () => lock.held() });
  const housekeeping = await openHousekeeping(opening, { ...stores, alertKeeper });
  await opening.resources.open("clock of silent streams", {
    open: async () => startTicking(service, log),
    close: (end) => end(),
  });
  readiness.set("phase", "the rules are being loaded");
  await loadRuleFolder({ folder: config.rulesDir, service, log });
  return {
    ...stores,
    service,
    attempts: attempts.counts,
    pruned: () => housekeeping.gone,
    stop() {
      log.info("asked to stop over HTTP");
      opening.asked.abort();
    },
    checkEndpoint: (endpoint) => sender.checkEndpoint(endpoint),
    sendTest: (destination) => sendTest({ sender, destination, clock }),
  };
}

function openStores({ checkpointFolder }: Config, database: Parameters<typeof postgresStores>[0]): Stores {
  const stores = postgresStores(database);
  return checkpointFolder === null ? stores : { ...stores, checkpoints: fileCheckpoints(checkpointFolder) };
}

async function openDeliveries(
  { clock, log, resources }: Opening,
  parts: Pick<DeliveryWorkerOptions, "pool" | "ledger" | "sender">,
): Promise<void> {
  const onError = (error: Error): void => log.warn({ err: error }, "deliveries are held up");
  await resources.open("delivery worker", {
    open: async () => new DeliveryWorker({ ...parts, clock, onError }),
    close: (worker) => worker.close(),
  });
}

async function openHousekeeping(
  { config: { logRetention, alertRetention }, clock, log, resources }: Opening,
  household: Household,
): Promise<Housekeeping> {
  const housekeeping = new Housekeeping({ ...household, logRetention, alertRetention, clock, logger: log });
  return await resources.open("housekeeping", {
    async open() {
      housekeeping.start();
      return housekeeping;
    },
    close: () => housekeeping.end(),
  });
}

async function openEngine(
  { config, clock, log, resources, failure, stopping }: Opening,
  {
    log: eventLog,
    alerts,
    checkpoints,
    poison,
    sink,
  }: Pick<CrashablePorts, "log" | "alerts" | "checkpoints"> &
    Pick<Stores, "poison"> & { readonly sink: AlertSinkOptions | undefined },
): Promise<EngineService> {
  return await resources.open("engine", {
    async open() {
      const service = new EngineService({
        log: eventLog,
        alerts,
        clock,
        patience: createPatience({ log, signal: stopping, failed: (error) => failure.happen(error) }),
        failed: (error) => failure.happen(error),
        sink,
        shards: config.parallelism === 1 ? undefined : { count: config.parallelism, open: openShardThread },
        recovery: {
          store: checkpoints,
          settings: config.checkpoints,
          restarts: config.restarts,
          poison: { store: poison, setsAside: config.setsPoisonAside },
          scheduler: systemScheduler,
          notices: log,
        },
      });
      await service.open();
      return service;
    },
    close: (service) => service.close(),
  });
}
