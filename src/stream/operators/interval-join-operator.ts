/**
 * Runs an interval join: each side waits in a buffer, by its time, for as long as a record of the other may still come that
 * belongs to it; a timer takes it away then. A record behind the watermark is late.
 */

import type { Json } from "../../core/event.ts";
import type { Codec } from "../state/codec.ts";
import { checkUncheckpointed } from "../functions/function-checks.ts";
import type { JoinContext, ProcessJoinFunction } from "../functions/join-function.ts";
import type { KeyScope } from "../state/key-scope.ts";
import type { KeysOfTwo } from "../graph/key-selector.ts";
import { KeyedOperator } from "./keyed-operator.ts";
import type { KeyedState } from "../state/keyed-state.ts";
import type { OperatorSetup } from "./operator.ts";
import { ElementContext, KeyedRuntime } from "../functions/runtime-context.ts";
import { listCodec } from "../state/serializer.ts";
import type { KeySnapshot, OperatorSnapshot } from "../task/snapshot.ts";
import { SortedTimes } from "../state/sorted-times.ts";
import { mapState, type StateDescriptor } from "../state/state-descriptor.ts";
import type { MapState } from "../state/state-kinds.ts";
import type { CodecsOfTwo } from "../functions/tagged.ts";

/** From the left record's time to the right one's, in milliseconds, both ends included. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export interface IntervalJoinRules<K extends Json, A, B> extends Interval {
  readonly keys: KeysOfTwo<K, A, B>;
  /** Side outputs for late records; without them, they are counted and dropped. */
  readonly lateLeft?: string;
  readonly lateRight?: string;
  readonly codecs?: CodecsOfTwo<A, B>;
}

interface Rules<K extends Json, A, B, Out> extends IntervalJoinRules<K, A, B> {
  readonly function: ProcessJoinFunction<A, B, Out, K>;
}

/** Those that wait, by their time, in the order in which they came. */
type Buffer<T> = MapState<number, T[]>;

type SideName = "left" | "right";

/** The times of what waits of a key, so that no more of it is looked at than belongs to a record. */
type Times = Readonly<Record<SideName, SortedTimes>>;
type JoinKey = KeyScope<Times>;

/** One of the two streams, as it is seen from its own records. */
interface Side<Own, Other> {
  readonly name: SideName;
  readonly otherName: SideName;
  readonly own: Buffer<Own>;
  readonly other: Buffer<Other>;
  /** Where records of the other stream lie that belong to one of this. */
  readonly interval: Interval;
  readonly lateTag: string | null;
  readonly join: (own: Waiting<Own>, other: Waiting<Other>) => void;
}

interface Waiting<T> {
  readonly value: T;
  readonly timestamp: number;
}

export class IntervalJoinOperator<K extends Json, A, B, Out> extends KeyedOperator<A, Out, JoinKey, Times> {
  readonly #rules: Rules<K, A, B, Out>;
  readonly #context: PairContext<K, Out>;
  #left!: Side<A, B>;
  #right!: Side<B, A>;

  constructor(setup: OperatorSetup, rules: Rules<K, A, B, Out>) {
    super(setup, rules.keys.first);
    checkUncheckpointed(rules.function, setup);
    this.#rules = rules;
    this.#context = new PairContext(setup, this.keys);
  }

  /** Only now, so that the buffers are those of the snapshot, if there is one. */
  override open(): void {
    const { lower, upper, lateLeft, lateRight, codecs, function: of } = this.#rules;
    const left = this.keys.table.get(waiting("left", codecs?.first));
    const right = this.keys.table.get(waiting("right", codecs?.second));
    this.#left = {
      name: "left",
      otherName: "right",
      own: left,
      other: right,
      interval: { lower, upper },
      lateTag: lateLeft ?? null,
      join: (own, other) => this.#join(own, other),
    };
    this.#right = {
      name: "right",
      otherName: "left",
      own: right,
      other: left,
      interval: { lower: -upper, upper: -lower },
      lateTag: lateRight ?? null,
      join: (own, other) => this.#join(other, own),
    };
    of.open?.(new KeyedRuntime(this.setup, this.keys));
  }

  protected override process(value: A, timestamp: number): void {
    this.#take(this.#left, { value, timestamp });
  }

  override second(value: B, timestamp: number): void {
    this.keys.enter(this.#rules.keys.second(value));
    this.#take(this.#right, { value, timestamp });
    this.keys.leave();
  }

  override watermark(watermark: number): void {
    this.#context.watermark = watermark;
    super.watermark(watermark);
  }

  protected override onEventTime(key: JoinKey, at: number): void {
    this.keys.enterScope(key);
    const times = this.#timesOf(key);
    for (const { name, own, interval } of [this.#left, this.#right]) {
      const time = at - staysFor(interval);
      own.remove(time);
      times[name].delete(time);
    }
    if (times.left.isEmpty && times.right.isEmpty) key.own = null;
    this.keys.leave();
  }

  /** There are timers of event time only. */
  protected override onProcessingTime(): void {}

  protected override keyScopeOf(key: JoinKey): JoinKey {
    return key;
  }

  override close(): void {
    this.#rules.function.close?.();
  }

  override restore(snapshot: OperatorSnapshot): void {
    super.restore(snapshot);
    this.#context.watermark = this.currentWatermark;
  }

  protected override keyFromSnapshot(key: JoinKey, snapshot: KeySnapshot): void {
    super.keyFromSnapshot(key, snapshot);
    this.restoreTimers(key, snapshot.timers);
  }

  #take<Own, Other>(side: Side<Own, Other>, record: Waiting<Own>): void {
    const { value, timestamp } = record;
    const { own, other, interval, lateTag, join } = side;
    if (timestamp < this.currentWatermark) return this.takeLate(value, { timestamp, tag: lateTag });
    const key = this.keys.current;
    const times = this.#timesOf(key);
    keep(own, record);
    times[side.name].add(timestamp);
    this.eventTimers.set(key, timestamp + staysFor(interval));
    for (const at of times[side.otherName].within(timestamp + interval.lower, timestamp + interval.upper)) {
      for (const one of other.get(at)!) join(record, { value: one, timestamp: at });
    }
  }

  /** Not in snapshots: the buffers tell it. */
  #timesOf(key: JoinKey): Times {
    const { own: left, other: right } = this.#left;
    return (key.own ??= { left: new SortedTimes(left.keys()), right: new SortedTimes(right.keys()) });
  }

  #join(left: Waiting<A>, right: Waiting<B>): void {
    this.#context.of(left.timestamp, right.timestamp);
    this.#rules.function.processElement(left.value, right.value, this.#context);
  }
}

function keep<T>(buffer: Buffer<T>, { value, timestamp }: Waiting<T>): void {
  const together = buffer.get(timestamp);
  if (together === undefined) buffer.put(timestamp, [value]);
  else together.push(value);
}

/** How long after its own time a record may belong to another that comes in time. */
function staysFor({ upper }: Interval): number {
  return Math.max(upper, 0);
}

function waiting<T>(name: string, codec: Codec<T> | undefined): StateDescriptor<Buffer<T>> {
  return mapState<number, T[]>({ name, ...(codec === undefined ? {} : { codec: listCodec(codec) }) });
}

class PairContext<K, Out> extends ElementContext<Out> implements JoinContext<K, Out> {
  leftTimestamp = 0;
  rightTimestamp = 0;
  readonly #keys: KeyedState<Times>;

  constructor(setup: OperatorSetup, keys: KeyedState<Times>) {
    super(setup);
    this.#keys = keys;
  }

  of(left: number, right: number): void {
    this.leftTimestamp = left;
    this.rightTimestamp = right;
    this.timestamp = Math.max(left, right);
  }

  get key(): K {
    return this.#keys.current.key as K;
  }
}
