/** What keyed operators share: each record finds its key's state, and a watermark goes on only after its timers have fired (S11.4). */

import type { Json } from "../../core/event.ts";
import { limits } from "../../core/limits.ts";
import { BEGINNING_OF_TIME, END_OF_TIME, timeFromSnapshot, timeToSnapshot } from "../../core/time.ts";
import { subtaskOf } from "../state/key-group-range.ts";
import type { KeySelector } from "../graph/key-selector.ts";
import type { KeyChanges } from "../state/key-changes.ts";
import type { KeyScope } from "../state/key-scope.ts";
import { KeyedState } from "../state/keyed-state.ts";
import { Operator, type OperatorCapture, type OperatorSetup, type OperatorStatus } from "./operator.ts";
import type { KeySnapshot, OperatorSnapshot, TimersSnapshot } from "../task/snapshot.ts";
import type { StateTable } from "../state/state-table.ts";
import type { TimerScope } from "../time/timer-heap.ts";
import { TimerQueue } from "../time/timer-queue.ts";

/** `S` is what has timers: a key, or a window. `W` is what is kept by key beside states and timers. */
export abstract class KeyedOperator<In, Out, S extends TimerScope, W = unknown> extends Operator<In, Out> {
  protected readonly keys: KeyedState<W>;
  protected readonly eventTimers = new TimerQueue<S>("event");
  protected readonly processingTimers = new TimerQueue<S>("processing");
  protected currentWatermark = BEGINNING_OF_TIME;
  /** Windows, or panes, that are there. */
  protected windowCount = 0;
  #lateRecordsDropped = 0;
  readonly #key: KeySelector<In>;

  constructor(setup: OperatorSetup, key: KeySelector<In>) {
    super(setup);
    this.#key = key;
    this.keys = new KeyedState({ operator: setup.name, clock: setup.clock });
  }

  protected abstract process(value: In, timestamp: number): void;
  protected abstract onEventTime(scope: S, at: number): void;
  protected abstract onProcessingTime(scope: S, at: number): void;
  /** Of what has timers. */
  protected abstract keyScopeOf(scope: S): KeyScope<W>;

  /** Timers that may be set once event time is at its end, before they are found to set each other for ever (S11.6). */
  protected get furtherTimersMax(): number {
    return limits.timersSetAtTheEndMax;
  }

  override record(value: In, timestamp: number): void {
    this.keys.enter(this.#key(value));
    this.process(value, timestamp);
    this.keys.leave();
  }

  override watermark(watermark: number): void {
    this.currentWatermark = watermark;
    if (this.eventTimers.isDue(watermark)) this.#fireUpTo(watermark);
    this.next.watermark(watermark);
  }

  override advanceProcessingTime(now: number): void {
    this.processingTimers.advance(now, {
      due: (scope) => this.#touch(scope),
      fire: (scope, at) => this.onProcessingTime(scope, at),
      furtherMax: Infinity,
    });
  }

  override stateTables(): Readonly<Record<string, StateTable>> {
    return { key: this.keys.table };
  }

  override keySnapshot(key: Json): KeySnapshot | null {
    const scope = this.keys.find(key);
    return scope === undefined ? null : this.keyToSnapshot(scope);
  }

  override status(): OperatorStatus {
    return {
      watermark: this.currentWatermark,
      keys: this.keys.size,
      windows: this.windowCount,
      timers: this.eventTimers.size + this.processingTimers.size,
      nextEventTimer: this.eventTimers.next,
      lateRecordsDropped: this.#lateRecordsDropped,
    };
  }

  override snapshot(): OperatorSnapshot {
    const keyGroups: Record<string, KeySnapshot[]> = {};
    for (const scope of this.keys.ordered()) (keyGroups[scope.group] ??= []).push(this.keyToSnapshot(scope));
    return { ...this.unkeyedSnapshot(), keyGroups };
  }

  override get changes(): KeyChanges<W> {
    return this.keys.changes;
  }

  override capture(isRewritten: (group: number) => boolean): OperatorCapture {
    const encode = (scope: KeyScope<W>): KeySnapshot => this.keyToSnapshot(scope);
    return { rest: this.unkeyedSnapshot(), keys: this.changes.barrier({ encode, isRewritten }) };
  }

  /** All but the keys. */
  protected unkeyedSnapshot(): OperatorSnapshot {
    const lateRecordsDropped = this.#lateRecordsDropped;
    return {
      watermark: timeToSnapshot(this.currentWatermark),
      ...(lateRecordsDropped === 0 ? {} : { lateRecordsDropped }),
    };
  }

  /** Takes its own key groups of a snapshot of all. */
  override restore({ watermark, keyGroups = {}, lateRecordsDropped = 0 }: OperatorSnapshot): void {
    if (watermark !== undefined) this.currentWatermark = timeFromSnapshot(watermark);
    const { subtask, parallelism } = this.setup;
    // Whose they were is forgotten; only the sum of all subtasks' is ever told.
    if (subtask === 0) this.#lateRecordsDropped = lateRecordsDropped;
    for (const [group, keys] of Object.entries(keyGroups)) {
      if (subtaskOf(Number(group), parallelism) !== subtask) continue;
      for (const key of keys) {
        this.keyFromSnapshot(this.keys.enter(key.key), key);
        this.keys.leave();
      }
    }
  }

  /** Most watermarks reach no timer, so this is apart from them. */
  #fireUpTo(watermark: number): void {
    this.eventTimers.advance(watermark, {
      due: (scope) => this.#touch(scope),
      fire: (scope, at) => this.onEventTime(scope, at),
      furtherMax: watermark === END_OF_TIME ? this.furtherTimersMax : Infinity,
    });
  }

  #touch(scope: S): void {
    this.keys.changes.touch(this.keyScopeOf(scope));
  }

  /** To the side output; counted and dropped where there is none. */
  protected takeLate(value: unknown, { timestamp, tag }: { timestamp: number; tag: string | null }): void {
    if (tag === null) this.#lateRecordsDropped++;
    else this.setup.sideOutput(tag).record(value, timestamp);
  }

  protected keyToSnapshot(scope: KeyScope<W>): KeySnapshot {
    return { key: scope.key, state: this.keys.table.toJson(scope), timers: this.timersToSnapshot(scope) };
  }

  protected keyFromSnapshot(scope: KeyScope<W>, { state }: KeySnapshot): void {
    if (Object.keys(state).length > 0) scope.unclaimed = state;
  }

  protected restoreTimers(scope: S, { event, processing }: TimersSnapshot): void {
    for (const at of event) this.eventTimers.set(scope, timeFromSnapshot(at));
    for (const at of processing) this.processingTimers.set(scope, timeFromSnapshot(at));
  }

  protected timersToSnapshot(scope: TimerScope): TimersSnapshot {
    return {
      event: this.eventTimers.timesOf(scope).map(timeToSnapshot),
      processing: this.processingTimers.timesOf(scope).map(timeToSnapshot),
    };
  }
}
