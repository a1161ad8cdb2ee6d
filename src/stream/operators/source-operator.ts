/**
 * A source: where records come in, by partition. Each partition has its own watermark; the source's is the least of theirs, and
 * waits for one that comes late or comes back.
 */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import { BEGINNING_OF_TIME, END_OF_TIME, timeFromSnapshot, timeToSnapshot } from "../../core/time.ts";
import { EventClock, type EventTime } from "../time/event-clock.ts";
import { Operator, type OperatorSetup } from "./operator.ts";
import type { TimeProgress } from "../task/outlet.ts";
import type { OperatorSnapshot } from "../task/snapshot.ts";
import { WatermarkValve, type ValveInput, type ValveStatus } from "../time/watermark-valve.ts";

export interface SourceOptions<T> extends EventTime<T> {
  /** Partitions that time waits for from the beginning on; others count from when they first speak. */
  readonly partitions?: readonly string[];
  /** Idle until the first record: whoever waits for several streams does not wait for it. Default: false. */
  readonly startsIdle?: boolean;
}

export class SourceOperator<T> extends Operator<T, T> {
  readonly #options: SourceOptions<T>;
  readonly #valve: WatermarkValve;
  readonly #partitions = new Map<string, Partition<T>>();
  /** No partition is behind it, also none that comes later. */
  #floor = BEGINNING_OF_TIME;

  constructor(setup: OperatorSetup, options: SourceOptions<T>) {
    super(setup);
    this.#options = options;
    this.#valve = new WatermarkValve({ output: setup.next, clock: setup.clock, policy: "least" });
  }

  get timeStatus(): ValveStatus {
    return this.#valve.status();
  }

  get partitions(): readonly string[] {
    return [...this.#partitions.keys()];
  }

  partition(name: string): Partition<T> {
    return this.#partitions.get(name) ?? this.#add(name, null);
  }

  override open(): void {
    const { partitions, watermarks, startsIdle = false } = this.#options;
    for (const name of partitions ?? []) this.partition(name);
    // Whoever waits for several streams need not wait for one that knows no time.
    if ((watermarks === undefined || startsIdle) && this.#partitions.size === 0) this.#valve.settle();
  }

  /** No record at or before it will come any more, from any partition. */
  raise(watermark: number): void {
    this.#floor = Math.max(this.#floor, watermark);
    for (const partition of this.#partitions.values()) partition.raise(watermark);
    this.#valve.raise(watermark);
  }

  override timeAfter(): TimeProgress {
    return this.#valve.time;
  }

  override record(value: T, timestamp: number): void {
    this.next.record(value, timestamp);
  }

  override advanceProcessingTime(now: number): void {
    for (const partition of this.#partitions.values()) partition.onProcessingTime(now);
  }

  override snapshot(): OperatorSnapshot {
    const partitions = [...this.#partitions].map(([name, partition]) => ({ name, generator: partition.snapshot() }));
    return { inputs: this.#valve.snapshot(), source: { floor: timeToSnapshot(this.#floor), partitions } };
  }

  override restore({ inputs, source }: OperatorSnapshot): void {
    if (inputs === undefined || source === undefined) return;
    this.#floor = timeFromSnapshot(source.floor);
    const watermarks = new Map(inputs.inputs.map(({ name, watermark }) => [name, timeFromSnapshot(watermark)]));
    for (const { name, generator } of source.partitions) {
      this.#add(name, { watermark: watermarks.get(name)!, generator });
    }
    this.#valve.restore(inputs);
  }

  #add(name: string, restored: { watermark: number; generator: Json } | null): Partition<T> {
    const { watermarks } = this.#options;
    const place = `${this.setup.name}, partition ${JSON.stringify(name)}`;
    const time = new EventClock({ place, mode: this.setup.mode }, this.#options);
    if (restored !== null) time.restore(restored);
    time.advanceTo(this.#floor);
    const input = this.#valve.addInput({ name, idle: watermarks === undefined });
    input.watermark = time.watermark;
    const partition = new Partition({
      time,
      input,
      valve: this.#valve,
      next: this.next,
      knowsTime: watermarks !== undefined,
    });
    this.#partitions.set(name, partition);
    return partition;
  }
}

interface PartitionParts<T> {
  readonly time: EventClock<T>;
  readonly input: ValveInput;
  readonly valve: WatermarkValve;
  readonly next: Operator<T, T>["next"];
  /** Whether its records say how far time has come. */
  readonly knowsTime: boolean;
}

/** What is checked before anything flows is apart from what flows: a refused record changes nothing. */
export class Partition<T> {
  readonly #parts: PartitionParts<T>;

  constructor(parts: PartitionParts<T>) {
    this.#parts = parts;
  }

  /** The time of a record. UserError `bad-timestamp`, or `stream-ended` after the end. */
  check(value: T, given: number | undefined): number {
    const { time, input } = this.#parts;
    if (time.watermark === END_OF_TIME) {
      throw new UserError({
        code: "stream-ended",
        message: `the partition ${JSON.stringify(input.name)} has ended; expected no further record`,
        hint: "use another partition, or end it later",
      });
    }
    return time.timestampOf(value, given);
  }

  take(value: T, timestamp: number): void {
    const { time, input, valve, next, knowsTime } = this.#parts;
    if (input.idle && knowsTime) valve.setIdle(input, false);
    next.record(value, timestamp);
    if (time.onRecord(value, timestamp)) valve.advance(input, time.watermark);
  }

  /** No record at or before it will come any more. */
  advanceTo(watermark: number): void {
    const { time, input, valve } = this.#parts;
    if (time.advanceTo(watermark)) valve.advance(input, watermark);
  }

  /** As the source is told of all its partitions; the valve knows by itself. */
  raise(watermark: number): void {
    this.#parts.time.advanceTo(watermark);
  }

  markIdle(): void {
    this.#parts.valve.setIdle(this.#parts.input, true);
  }

  onProcessingTime(now: number): void {
    const { time, input, valve } = this.#parts;
    if (time.onProcessingTime(now)) valve.advance(input, time.watermark);
  }

  snapshot(): Json {
    return this.#parts.time.snapshot();
  }
}
