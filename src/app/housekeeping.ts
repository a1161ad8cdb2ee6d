/**
 * What is done at the start and once in a while, so that the database does not grow for ever: old Idempotency-Keys go, the log is
 * trimmed, and old alerts and deliveries go.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { limits } from "../core/limits.ts";
import type { AlertKeeper, AlertRetention, Gone } from "../engine/log/alert-retention.ts";
import type { CheckpointStore } from "../engine/checkpoint/checkpoint-port.ts";
import type { RequestKeys } from "../engine/log/idempotency.ts";
import { type LogKeeper, type LogRetention, trimLog } from "../engine/log/log-retention.ts";
import type { Clock } from "../engine/ports.ts";
import type { Logger } from "./logger.ts";

export interface Household {
  readonly log: LogKeeper;
  readonly checkpoints: CheckpointStore;
  readonly requestKeys: RequestKeys;
  readonly alertKeeper: AlertKeeper;
}

const EVERY_MS = 60_000;

export interface HousekeepingOptions extends Household {
  readonly logRetention: LogRetention;
  readonly alertRetention: AlertRetention;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Mutable: it counts what has gone. */
export class Housekeeping {
  readonly #options: HousekeepingOptions;
  readonly #stop = new AbortController();
  #keeping: Promise<void> = Promise.resolve();
  #gone: Gone = { alerts: 0, deliveries: 0 };

  constructor(options: HousekeepingOptions) {
    this.#options = options;
  }

  /** Since the process began. */
  get gone(): Gone {
    return this.#gone;
  }

  start(): void {
    this.#keeping = this.#keep();
  }

  /** Resolves when it touches nothing any more: it breaks off at the next good place. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#keeping;
  }

  async tidyUp(): Promise<void> {
    const { requestKeys, clock } = this.#options;
    const now = clock.now();
    await requestKeys.forget({ before: now - limits.requestKeysKeptMs });
    await this.#trimLog(now);
    await this.#pruneAlerts(now);
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.tidyUp();
      } catch (error) {
        this.#options.logger.warn({ err: error }, "housekeeping is held up; it is tried again");
      }
      await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #trimLog(now: number): Promise<void> {
    const { log, checkpoints, logRetention: retention, logger } = this.#options;
    if (retention.maxAgeMs === null && retention.maxBytes === null) return;
    const { start } = await log.extent();
    const newStart = await trimLog({ log, retention, floor: await neededFrom(checkpoints), now });
    if (newStart > start) logger.info({ from: start, to: newStart }, "the log has been trimmed");
  }

  /** Deliveries by themselves first: what is left of them then goes with its alert. */
  async #pruneAlerts(now: number): Promise<void> {
    const { alertKeeper, alertRetention, logger } = this.#options;
    const { alertsMs, deliveriesMs } = alertRetention;
    const before = this.#gone;
    if (deliveriesMs !== null) await this.#count(alertKeeper.pruneDeliveries(now - deliveriesMs));
    if (alertsMs !== null) await this.#count(alertKeeper.pruneAlerts(now - alertsMs));
    const alerts = this.#gone.alerts - before.alerts;
    const deliveries = this.#gone.deliveries - before.deliveries;
    if (alerts + deliveries > 0) logger.info({ alerts, deliveries }, "old alerts and deliveries have been removed");
  }

  async #count(slices: AsyncIterable<Gone>): Promise<void> {
    for await (const { alerts, deliveries } of slices) {
      this.#gone = { alerts: this.#gone.alerts + alerts, deliveries: this.#gone.deliveries + deliveries };
      if (this.#stop.signal.aborted) return;
    }
  }
}

/**
 * The log must stay from here on: the next start may go on from any of the checkpoints, and reads it from there. 0 when nobody
 * can tell. No savepoint needs any of it: what is restored goes on with what is logged from then on (S9.20), and a start
 * does not go on from a savepoint.
 */
export async function neededFrom(checkpoints: CheckpointStore): Promise<number> {
  const entries = (await checkpoints.list()).filter(({ kind }) => kind === "checkpoint");
  const offsets = entries.map((entry) => {
    if ("summary" in entry) return entry.summary.offset;
    // What is torn needs nothing any more; a later version may still go on from what only it can read.
    return entry.fault.code === "checkpoint-foreign" ? 0 : Infinity;
  });
  const least = Math.min(Infinity, ...offsets);
  return least === Infinity ? 0 : least;
}
