/**
 * Puts records into the order of event time, ties in the order of arrival: each waits until no earlier one can come, and before
 * it goes time goes on to just before it. So whatever follows meets deadlines and records in the order of time, however far
 * watermarks jump. A record behind the watermark goes on at once: what follows decides what to do about it. Mutable.
 */

import { BEGINNING_OF_TIME, timeFromSnapshot, timeToSnapshot } from "../../core/time.ts";
import type { Codec } from "../state/codec.ts";
import { NearlyOrderedQueue } from "../time/nearly-ordered-queue.ts";
import { Operator, type OperatorSetup } from "./operator.ts";
import { FIRST_VERSION, serializerBy, versionToSnapshot, type Serializer } from "../state/serializer.ts";
import type { OperatorSnapshot } from "../task/snapshot.ts";

interface Waiting<T> {
  readonly value: T;
  readonly timestamp: number;
  readonly ordinal: number;
}

export class EventTimeSorter<T> extends Operator<T, T> {
  readonly #serializer: Serializer<T>;
  readonly #queue = new NearlyOrderedQueue<Waiting<T>>((a, b) => a.timestamp - b.timestamp || a.ordinal - b.ordinal);
  #arrivals = 0;
  #watermark = BEGINNING_OF_TIME;

  constructor(setup: OperatorSetup, codec?: Codec<T>) {
    super(setup);
    this.#serializer = serializerBy(codec);
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
    const what = `a record that waits in ${this.setup.name}`;
    return {
      watermark: timeToSnapshot(this.#watermark),
      ...versionToSnapshot(this.#serializer),
      waiting: this.#ordered().map(({ value, timestamp }) => {
        return { timestamp, value: this.#serializer.toJson(value, what) };
      }),
    };
  }

  override restore({ watermark, version = FIRST_VERSION, waiting = [] }: OperatorSnapshot): void {
    if (watermark !== undefined) this.#watermark = timeFromSnapshot(watermark);
    const written = { version, what: `${this.setup.name}: a record that waits` };
    for (const { value, timestamp } of waiting) {
      this.#queue.push({ value: this.#serializer.fromJson(value, written), timestamp, ordinal: this.#arrivals++ });
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
}
