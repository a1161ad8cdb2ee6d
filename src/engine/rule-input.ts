/**
 * The input of the rules that read the same streams: those streams' events merged in event time, going by the least of their
 * watermarks. Rules over one stream share one input, so that an event waits once.
 */

import type { Event } from "../core/event.ts";
import { BEGINNING_OF_TIME, timeFromSnapshot, timeToSnapshot } from "../core/time.ts";
import type { MatchTableReader, MatchTableWriter } from "../nfa/snapshot.ts";
import { EventTimeQueue } from "../stream/event-time-queue.ts";
import { combinedWatermark } from "../stream/watermark.ts";
import type { CepOperator } from "./cep-operator.ts";
import type { Finding } from "./finding.ts";
import type { InputStream } from "./input-stream.ts";
import type { InputSnapshot } from "./snapshot.ts";

export class RuleInput {
  readonly streams: readonly InputStream[];
  /** By rule name. */
  readonly operators = new Map<string, CepOperator>();
  readonly #queue = new EventTimeQueue();
  #watermark = BEGINNING_OF_TIME;

  constructor(streams: readonly InputStream[]) {
    this.streams = streams;
  }

  get watermark(): number {
    return this.#watermark;
  }

  /** The events that wait for the watermark, in the order of release. */
  waiting(): readonly Event[] {
    return this.#queue.waiting();
  }

  get waitingCount(): number {
    return this.#queue.size;
  }

  /** False when the event is behind the input's watermark: late, although its own stream has not come so far (S1.8). */
  offer(event: Event): boolean {
    if (event.time <= this.#watermark) {
      for (const operator of this.operators.values()) operator.counters.late++;
      return false;
    }
    this.#queue.push(event);
    return true;
  }

  /** Follows the streams' watermarks: releases events, fires timers, and adds what is found. */
  advance(findings: Finding[]): void {
    const { streams } = this;
    const watermark =
      streams.length === 1 ? streams[0]!.watermark : combinedWatermark(streams.map((stream) => stream.watermark));
    const advanced = watermark > this.#watermark;
    if (advanced) this.#watermark = watermark;
    let event = this.#queue.next(this.#watermark);
    for (; event !== undefined; event = this.#queue.next(this.#watermark)) {
      for (const operator of this.operators.values()) operator.process(event, findings);
    }
    if (!advanced) return;
    for (const operator of this.operators.values()) operator.advance(this.#watermark, findings);
  }

  /** Time begins again, as after the end of a stream that is put again. */
  reopen(): void {
    this.#watermark = BEGINNING_OF_TIME;
  }

  snapshot(table: MatchTableWriter): InputSnapshot {
    return {
      streams: this.streams.map(({ name }) => name),
      watermark: timeToSnapshot(this.#watermark),
      waiting: this.waiting().map((event) => table.event(event)),
    };
  }

  restore({ watermark, waiting }: InputSnapshot, table: MatchTableReader): void {
    this.#watermark = timeFromSnapshot(watermark);
    for (const index of waiting) this.#queue.push(table.event(index));
  }
}
