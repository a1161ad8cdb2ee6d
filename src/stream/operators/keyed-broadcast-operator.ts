/** Runs a process function by key beside a broadcast side, which every key reads. */

import type { Json } from "../../core/event.ts";
import { BroadcastSide, type DeclaredBroadcasts } from "../state/broadcast-state.ts";
import type { KeyedState } from "../state/keyed-state.ts";
import { KeyedElementContext, KeyedProcessOperator, type Keyed, type KeyedProcess } from "./keyed-process-operator.ts";
import type { OperatorSetup } from "./operator.ts";
import { WritingContext } from "./process-operator.ts";
import type {
  BroadcastDescriptor,
  BroadcastReader,
  KeyedBroadcastContext,
  KeyedBroadcastProcessFunction,
} from "../functions/process-function.ts";
import type { OperatorSnapshot } from "../task/snapshot.ts";
import type { StateDescriptor } from "../state/state-descriptor.ts";
import type { ReadOnlyMapState } from "../state/state-kinds.ts";
import type { StateTable } from "../state/state-table.ts";

export interface KeyedBroadcastProcess<K extends Json, In, B, Out> extends KeyedProcess<K, In, Out> {
  readonly function: KeyedBroadcastProcessFunction<K, In, B, Out>;
  readonly declared: DeclaredBroadcasts;
}

export class KeyedBroadcastOperator<K extends Json, In, B, Out> extends KeyedProcessOperator<K, In, Out> {
  readonly #broadcasts: KeyedBroadcastProcessFunction<K, In, B, Out>;
  readonly #side: BroadcastSide;
  readonly #writing: KeyedWritingContext<K, Out>;

  constructor(setup: OperatorSetup, process: KeyedBroadcastProcess<K, In, B, Out>) {
    const side = new BroadcastSide(setup, process.declared);
    super(setup, process, (keyed) => new KeyedReadingContext(setup, { keyed, side }));
    this.#broadcasts = process.function;
    this.#side = side;
    this.#writing = new KeyedWritingContext(setup, { keys: this.keys, side });
  }

  override second(value: B, timestamp: number): void {
    this.#writing.timestamp = timestamp;
    this.#broadcasts.processBroadcastElement(value, this.#writing);
  }

  override watermark(watermark: number): void {
    this.#writing.watermark = watermark;
    super.watermark(watermark);
  }

  override stateTables(): Readonly<Record<string, StateTable>> {
    return { ...super.stateTables(), broadcast: this.#side.table };
  }

  protected override unkeyedSnapshot(): OperatorSnapshot {
    return { ...super.unkeyedSnapshot(), ...this.#side.snapshot() };
  }

  override restore(snapshot: OperatorSnapshot): void {
    super.restore(snapshot);
    this.#side.restore(snapshot);
    this.#writing.watermark = this.currentWatermark;
  }
}

class KeyedReadingContext<K extends Json, Out> extends KeyedElementContext<K, Out> implements BroadcastReader {
  readonly #side: BroadcastSide;

  constructor(setup: OperatorSetup, { keyed, side }: { keyed: Keyed; side: BroadcastSide }) {
    super(setup, keyed);
    this.#side = side;
  }

  broadcastState<K, V>(descriptor: BroadcastDescriptor<K, V>): ReadOnlyMapState<K, V> {
    return this.#side.reader(descriptor);
  }
}

class KeyedWritingContext<K extends Json, Out> extends WritingContext<Out> implements KeyedBroadcastContext<K, Out> {
  readonly #keys: KeyedState;

  constructor(setup: OperatorSetup, { keys, side }: { keys: KeyedState; side: BroadcastSide }) {
    super(setup, side);
    this.#keys = keys;
  }

  applyToKeyedState<S>(descriptor: StateDescriptor<S>, apply: (key: K, state: S) => void): void {
    const state = this.#keys.table.get(descriptor);
    for (const scope of this.#keys.ordered()) {
      if (!this.#keys.table.holds(descriptor, scope)) continue;
      this.#keys.enterScope(scope);
      apply(scope.key as K, state);
      this.#keys.leave();
    }
  }
}
