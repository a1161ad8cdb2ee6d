/**
 * The delivery worker: takes jobs, sends, judges, writes down what came of it, and tries again. Delivery is at least
 * once (S9.4): the attempt is written down before the job is finished, so one that was cut off between the two is only found to
 * be done; one that was cut off before is sent again, under the same id.
 */

import { randomInt } from "node:crypto";
import { DelayedError, type Job } from "bullmq";
import type { DeliveryJob } from "../engine/delivery-job.ts";
import type { AttemptOutcome, Clock, DeliveryLedger, DeliveryStatus, DeliveryTask } from "../engine/ports.ts";
import { FairShare } from "./fair-share.ts";
import { judge, type Verdict } from "./outcome.ts";
import { type QueuePool, type QueueWorker, queueWorker } from "./queue.ts";
import { DEFAULT_DELIVERY_SETTINGS, type DeliverySettings } from "./settings.ts";
import type { SentWebhook, WebhookSender } from "./webhook-sender.ts";

export interface DeliveryWorkerOptions {
  readonly pool: QueuePool;
  readonly ledger: DeliveryLedger;
  readonly sender: WebhookSender;
  readonly clock: Clock;
  readonly settings?: Partial<DeliverySettings>;
  /** In [0, 1): spreads retries. */
  readonly random?: () => number;
  /** What goes wrong beside an attempt: the database is away, most likely; the worker goes on by itself. */
  readonly onError: (error: Error) => void;
}

export class DeliveryWorker {
  readonly #options: DeliveryWorkerOptions;
  readonly #settings: DeliverySettings;
  readonly #random: () => number;
  readonly #worker: QueueWorker;
  readonly #share: FairShare;
  #isCutOff = false;
  #isClosed = false;
  #reported = { message: "", at: 0 };

  constructor(options: DeliveryWorkerOptions) {
    this.#options = options;
    this.#settings = { ...DEFAULT_DELIVERY_SETTINGS, ...options.settings };
    this.#random = options.random ?? (() => randomInt(RANDOM_STEPS) / RANDOM_STEPS);
    const { concurrency, perDestination, patienceMs, lockMs, stalledCheckMs } = this.#settings;
    this.#share = new FairShare({ placesMax: perDestination, patienceMs });
    this.#worker = queueWorker({
      pool: options.pool,
      process: (job, token) => this.#process(job, token!),
      options: {
        concurrency,
        lockDuration: lockMs,
        stalledInterval: stalledCheckMs,
        maxStalledCount: STALLED_COUNT_MAX,
        drainDelay: DRAIN_DELAY_S,
        // The deliveries are the record of what was done; the queue keeps nothing.
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      },
    });
    this.#worker.on("error", (error) => this.#report(error));
    this.#worker.on("failed", (_job, error) => this.#report(error));
  }

  /** Lets attempts end, for a while, and puts the rest back; closes the sender. Close the queue's pool after it. */
  async close(): Promise<void> {
    const grace = setTimeout(() => this.#cutOff(), this.#settings.closeGraceMs);
    await this.#worker.close();
    this.#isClosed = true;
    clearTimeout(grace);
    await this.#options.sender.close();
  }

  #cutOff(): void {
    this.#isCutOff = true;
    void this.#options.sender.close();
  }

  /** A database that is away is told of by every connection and every job: once in a while is enough. */
  #report(error: Error): void {
    if (this.#isClosed) return; // connections that the server ends now
    const now = this.#options.clock.now();
    if (error.message === this.#reported.message && now - this.#reported.at < SAME_ERROR_MS) return;
    this.#reported = { message: error.message, at: now };
    this.#options.onError(error);
  }

  async #process(job: Job<DeliveryJob, void, string>, token: string): Promise<void> {
    const { ledger, clock } = this.#options;
    const task = await ledger.load(job.data);
    if (task === null) return;
    const waitMs = await this.#attempt(job.data, task);
    if (waitMs === null) return;
    await job.moveToDelayed(clock.now() + waitMs, token);
    throw new DelayedError();
  }

  /** Milliseconds to the next attempt; null when there is none. */
  async #attempt(job: DeliveryJob, task: DeliveryTask): Promise<number | null> {
    const { ledger, sender } = this.#options;
    const { name } = task.destination;
    if (!(await this.#share.enter(name))) return this.#share.awayMs(name, this.#random());
    try {
      const sent = await sender.send(task);
      if (this.#isCutOff && sent.answer.kind !== "response") return 0; // not the endpoint's failure: for the next process
      const verdict = this.#judge(sent, task);
      await ledger.recordAttempt({ job, ...recorded(sent, verdict) });
      return verdict.kind === "retry" ? verdict.afterMs : null;
    } finally {
      this.#share.leave(name);
    }
  }

  #judge({ answer }: SentWebhook, { attemptsBefore, destination }: DeliveryTask): Verdict {
    const { backoff, retryAfterMaxMs } = this.#settings;
    return judge({
      answer,
      attemptsBefore,
      retries: destination.retries,
      backoff,
      retryAfterMaxMs,
      now: this.#options.clock.now(),
      random: this.#random(),
    });
  }
}

/** How long an idle worker sleeps when nobody wakes it: also how late it notices what it was not told of. */
const DRAIN_DELAY_S = 1;
const SAME_ERROR_MS = 10_000;
/** Never reached: a delivery ends by its own retries, not by how often its worker died. */
const STALLED_COUNT_MAX = 1_000_000;
const RANDOM_STEPS = 2 ** 32;

function recorded(sent: SentWebhook, verdict: Verdict): Pick<AttemptOutcome, "attempt" | "status"> {
  return {
    attempt: {
      at: new Date(sent.at).toISOString(),
      status: sent.answer.kind === "response" ? sent.answer.status : null,
      latencyMs: sent.latencyMs,
      error: verdict.kind === "delivered" ? null : verdict.error,
      responseExcerpt: sent.responseExcerpt,
    },
    status: STATUS[verdict.kind],
  };
}

const STATUS: Readonly<Record<Verdict["kind"], DeliveryStatus>> = {
  delivered: "delivered",
  retry: "pending",
  dead: "dead",
};
