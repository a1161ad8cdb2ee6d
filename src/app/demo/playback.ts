/** Plays the arrivals to the service at the show's pace, ends the streams, and waits for what was set off to arrive. */

import { setTimeout as sleep } from "node:timers/promises";

import { formatTime } from "../../core/time.ts";
import type { Alert } from "../../engine/output.ts";
import type { Clock } from "../../engine/ports.ts";
import type { StreamDefinition } from "../../lang/definition.ts";
import type { ApiClient } from "./api-client.ts";
import { SendLog } from "./latency.ts";
import type { Reception } from "./receiver.ts";
import { clockTime, type Screen } from "./screen.ts";
import { type Arrival, type Step, steps } from "./traffic.ts";

export interface PlaybackOptions {
  readonly arrivals: readonly Arrival[];
  readonly showMs: number;
  /** Grows while deliveries arrive. */
  readonly receptions: readonly Reception[];
  readonly streams: ReadonlyMap<string, StreamDefinition>;
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

const STEP_MS = 80;
const DELIVERY_PATIENCE_MS = 15_000;

export class Playback {
  readonly log = new SendLog();
  sent = 0;
  accepted = 0;
  readonly #options: PlaybackOptions;

  constructor(options: PlaybackOptions) {
    this.#options = options;
  }

  async play(): Promise<void> {
    const { arrivals, showMs, clock, signal } = this.#options;
    const startedAt = clock.now();
    for (const step of steps({ arrivals, durationMs: showMs, stepMs: STEP_MS })) {
      await sleep(Math.max(0, startedAt + step.atMs - clock.now()), undefined, { signal });
      await Promise.all(step.batches.map((batch) => this.#send(batch)));
      this.#showProgress(step);
    }
  }

  /** Ends the streams; the alerts stored, once each that is to be delivered has been, or patience has run out. */
  async settle(): Promise<Alert[]> {
    const { streams, client, receptions, clock, signal } = this.#options;
    for (const stream of streams.keys()) {
      this.log.end(stream, clock.now());
      await client.endStream(stream);
    }
    for (const givenUpAt = clock.now() + DELIVERY_PATIENCE_MS; ; await sleep(100, undefined, { signal })) {
      const received = new Set(receptions.map(({ alert }) => alert.id));
      const settled = await client.isSettled();
      const alerts = await client.alerts();
      const due = alerts.filter(({ suppressedBy }) => suppressedBy === null);
      if ((settled && due.every(({ id }) => received.has(id))) || clock.now() > givenUpAt) return alerts;
    }
  }

  async #send({ stream, arrivals }: Step["batches"][number]): Promise<void> {
    const { streams, client, clock } = this.#options;
    this.log.batch(streams.get(stream)!, arrivals, clock.now());
    this.sent += arrivals.length;
    const documents = arrivals.map(({ document }) => document);
    const { accepted } = await client.postEvents(stream, documents);
    this.accepted += accepted;
  }

  #showProgress({ batches }: Step): void {
    const now = Math.max(...batches.flatMap(({ arrivals }) => arrivals.map(({ arrivesAt }) => arrivesAt)));
    const { screen, receptions } = this.#options;
    screen.status(`${clockTime(formatTime(now))}  ${this.sent} events, ${receptions.length} alerts`);
  }
}
