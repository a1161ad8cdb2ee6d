/**
 * Puts records into the order of event time, ties in the order of arrival: each waits until no earlier one can come, and before
 * it goes time goes on to just before it. So whatever follows meets deadlines and records in the order of time, however far
 * watermarks jump. A record behind the watermark goes on at once: what follows decides what to do about it. Mutable.
 */

import type { Json } from "../core/event.ts";
import { BEGINNING_OF_TIME, timeFromSnapshot, timeToSnapshot } from "../core/time.ts";
import type { Codec } from "./functions.ts";
import { jsonCopy } from "./json-copy.ts";
import { NearlyOrderedQueue } from "./nearly-ordered-queue.ts";
import { Operator, type OperatorSetup } from "./operator.ts";
import type { OperatorSnapshot } from "./snapshot.ts";

interface Waiting<T> {
  readonly value: T;
  readonly timestamp: number;
  readonly ordinal: number;
}

export interface WaitingCodec<T> extends Codec<T> {
  /** What it encodes is JSON that never changes, and need not be copied for a snapshot: thousands may wait. Default: false. */
  readonly isImmutable?: boolean;
}

export class EventTimeSorter<T> extends Operator<T, T> {
  readonly #codec: WaitingCodec<T> | undefined;
  readonly #queue = new NearlyOrderedQueue<Waiting<T>>((a, b) => a.timestamp - b.timestamp || a.ordinal - b.ordinal);
  #arrivals = 0;
  #watermark = BEGINNING_OF_TIME;

  constructor(setup: OperatorSetup, codec?: WaitingCodec<T>) {
    super(setup);
    this.#codec = codec;
  }

  get currentWatermark(): number {
    return this.#watermark;
  }

  /** How many records wait. */
  get size(): number {
    return this.#queue.size;
  }

  /** The watermark that lets the first of them go; null when none waits. */
  get nextRelease(): number | null {
    const { first } = this.#queue;
    return first === undefined ? null : first.timestamp - 1;
  }

  /** Those that wait, in the order in which they came. */
  waiting(): T[] {
    return this.#ordered().map(({ value }) => value);
  }

  override record(value: T, timestamp: number): void {
    // One millisecond beyond the watermark no earlier record can come, and those of its time that waited have gone already.
    if (timestamp <= this.#watermark + 1) this.next.record(value, timestamp);
    else this.#queue.push({ value, timestamp, ordinal: this.#arrivals++ });
  }

  override watermark(watermark: number): void {
    for (let { first } = this.#queue; first !== undefined; { first } = this.#queue) {
      if (first.timestamp > watermark + 1) break;
      this.#queue.shift();
      this.#advance(first.timestamp - 1);
      this.next.record(first.value, first.timestamp);
    }
    this.#advance(watermark);
  }

  override snapshot(): OperatorSnapshot {
    return {
      watermark: timeToSnapshot(this.#watermark),
      waiting: this.#ordered().map(({ value, timestamp }) => ({ timestamp, value: this.#encode(value) })),
    };
  }

  override restore({ watermark, waiting = [] }: OperatorSnapshot): void {
    if (watermark !== undefined) this.#watermark = timeFromSnapshot(watermark);
    for (const { value, timestamp } of waiting) {
      this.#queue.push({ value: this.#decode(value), timestamp, ordinal: this.#arrivals++ });
    }
  }

  #advance(watermark: number): void {
    if (watermark <= this.#watermark) return;
    this.#watermark = watermark;
    this.next.watermark(watermark);
  }

  #ordered(): Waiting<T>[] {
    return [...this.#queue.items()].sort((a, b) => a.ordinal - b.ordinal);
  }

  #encode(value: T): Json {
    const encoded = this.#codec === undefined ? value : this.#codec.encode(value);
    if (this.#codec?.isImmutable === true) return encoded as Json;
    return jsonCopy(encoded, `a record that waits in ${this.setup.name}`);
  }

  #decode(json: Json): T {
    return this.#codec === undefined ? (json as T) : this.#codec.decode(json);
  }
}
