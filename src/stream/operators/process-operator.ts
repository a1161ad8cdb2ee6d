/** Runs a process function without keys, with or without a broadcast side. */

import { timeFromSnapshot, timeToSnapshot } from "../../core/time.ts";
import { BroadcastSide, type DeclaredBroadcasts } from "../state/broadcast-state.ts";
import type { UnkeyedFunction } from "../functions/functions.ts";
import type { OperatorSetup } from "./operator.ts";
import type {
  BroadcastContext,
  BroadcastDescriptor,
  BroadcastProcessFunction,
  BroadcastReader,
  ProcessContext,
  ProcessFunction,
} from "../functions/process-function.ts";
import { ElementContext } from "../functions/runtime-context.ts";
import type { OperatorSnapshot } from "../task/snapshot.ts";
import type { MapState, ReadOnlyMapState } from "../state/state-kinds.ts";
import type { StateTable } from "../state/state-table.ts";
import { UnkeyedOperator } from "./unkeyed-operator.ts";

/** What operators share whose function is handed one context. */
export abstract class ContextualOperator<In, Out> extends UnkeyedOperator<In, Out> {
  protected readonly context: ElementContext<Out>;

  constructor(setup: OperatorSetup, userFunction: UnkeyedFunction) {
    super(setup, userFunction);
    this.context = new ElementContext(setup);
  }

  override watermark(watermark: number): void {
    this.context.watermark = watermark;
    super.watermark(watermark);
  }

  override snapshot(): OperatorSnapshot {
    return { ...super.snapshot(), watermark: timeToSnapshot(this.context.watermark) };
  }

  override restore(snapshot: OperatorSnapshot): void {
    super.restore(snapshot);
    if (snapshot.watermark !== undefined) this.context.watermark = timeFromSnapshot(snapshot.watermark);
  }
}

export class ProcessOperator<In, Out> extends ContextualOperator<In, Out> {
  readonly #function: ProcessFunction<In, Out>;

  constructor(setup: OperatorSetup, userFunction: ProcessFunction<In, Out>) {
    super(setup, userFunction);
    this.#function = userFunction;
  }

  override record(value: In, timestamp: number): void {
    this.context.timestamp = timestamp;
    this.#function.processElement(value, this.context);
  }
}

export interface BroadcastProcess<In, B, Out> {
  readonly function: BroadcastProcessFunction<In, B, Out>;
  readonly declared: DeclaredBroadcasts;
}

export class BroadcastProcessOperator<In, B, Out> extends UnkeyedOperator<In, Out> {
  readonly #function: BroadcastProcessFunction<In, B, Out>;
  readonly #side: BroadcastSide;
  readonly #reading: ProcessContext<Out> & BroadcastReader & ElementContext<Out>;
  readonly #writing: BroadcastContext<Out> & ElementContext<Out>;

  constructor(setup: OperatorSetup, { function: userFunction, declared }: BroadcastProcess<In, B, Out>) {
    super(setup, userFunction);
    this.#function = userFunction;
    this.#side = new BroadcastSide(setup, declared);
    this.#reading = new ReadingContext(setup, this.#side);
    this.#writing = new WritingContext(setup, this.#side);
  }

  override record(value: In, timestamp: number): void {
    this.#reading.timestamp = timestamp;
    this.#function.processElement(value, this.#reading);
  }

  override second(value: B, timestamp: number): void {
    this.#writing.timestamp = timestamp;
    this.#function.processBroadcastElement(value, this.#writing);
  }

  override watermark(watermark: number): void {
    this.#reading.watermark = watermark;
    this.#writing.watermark = watermark;
    super.watermark(watermark);
  }

  override stateTables(): Readonly<Record<string, StateTable>> {
    return { ...super.stateTables(), broadcast: this.#side.table };
  }

  override snapshot(): OperatorSnapshot {
    return { ...super.snapshot(), ...this.#side.snapshot(), watermark: timeToSnapshot(this.#writing.watermark) };
  }

  override restore(snapshot: OperatorSnapshot): void {
    super.restore(snapshot);
    this.#side.restore(snapshot);
    if (snapshot.watermark === undefined) return;
    this.#reading.watermark = timeFromSnapshot(snapshot.watermark);
    this.#writing.watermark = this.#reading.watermark;
  }
}

class ReadingContext<Out> extends ElementContext<Out> implements BroadcastReader {
  readonly #side: BroadcastSide;

  constructor(setup: OperatorSetup, side: BroadcastSide) {
    super(setup);
    this.#side = side;
  }

  broadcastState<K, V>(descriptor: BroadcastDescriptor<K, V>): ReadOnlyMapState<K, V> {
    return this.#side.reader(descriptor);
  }
}

export class WritingContext<Out> extends ElementContext<Out> implements BroadcastContext<Out> {
  readonly #side: BroadcastSide;

  constructor(setup: OperatorSetup, side: BroadcastSide) {
    super(setup);
    this.#side = side;
  }

  broadcastState<K, V>(descriptor: BroadcastDescriptor<K, V>): MapState<K, V> {
    return this.#side.writer(descriptor);
  }
}
