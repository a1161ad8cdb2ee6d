/** Runs windows by key: puts records into them, asks the trigger, emits what they come to, and clears them away. Mutable. */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import { timeFromSnapshot, timeToSnapshot } from "../../core/time.ts";
import type { EvictorContext } from "./evictor.ts";
import { KeyedOperator } from "../operators/keyed-operator.ts";
import type { KeyScope } from "../state/key-scope.ts";
import type { OperatorSetup } from "../operators/operator.ts";
import { versionToSnapshot, type Written } from "../state/serializer.ts";
import type { KeySnapshot, OperatorSnapshot, WindowSnapshot } from "../task/snapshot.ts";
import { StateTable, type StateScope } from "../state/state-table.ts";
import type { TimeDomain } from "../time/timer-queue.ts";
import type { Trigger, TriggerResult } from "./trigger.ts";
import { TriggerCall } from "./trigger-call.ts";
import { WindowCaller } from "./window-call.ts";
import { WindowCell, WindowCells, type Expiry } from "./window-cell.ts";
import type { WindowContents } from "./window-contents.ts";
import { closingTime, type Window } from "./window.ts";
import type { WindowAssigner } from "./window-assigner.ts";
import { foreignWindows, writtenContents, type Windowing } from "./windowing.ts";

export interface WindowRules<T, K extends Json, C, E, Out> extends Windowing<T, K, E, Out> {
  readonly assigner: WindowAssigner<T>;
  readonly trigger: Trigger<T>;
  readonly contents: WindowContents<T, C, E>;
  /** After how long without a record a window goes that has no end; null: it stays. */
  readonly timeToLiveMs: number | null;
}

export class WindowOperator<T, K extends Json, C, E, Out> extends KeyedOperator<T, Out, WindowCell<C>, WindowCells<C>> {
  readonly #windowing: WindowRules<T, K, C, E, Out>;
  readonly #triggerStates: StateTable;
  readonly #windowStates: StateTable;
  readonly #triggerCall: TriggerCall<C>;
  readonly #caller: WindowCaller<K, E, Out>;
  #cellsSeen = 0;
  #written: Written;

  constructor(setup: OperatorSetup, windowing: WindowRules<T, K, C, E, Out>) {
    super(setup, windowing.key);
    this.#windowing = windowing;
    this.#written = writtenContents(setup.name);
    this.#triggerStates = this.#stateTable((cell) => cell);
    this.#windowStates = this.#stateTable(({ windowState }) => windowState);
    this.#triggerCall = new TriggerCall({
      setup,
      time: windowing.assigner.time,
      states: this.#triggerStates,
      eventTimers: this.eventTimers,
      processingTimers: this.processingTimers,
      cleanUpTime: (cell) => this.#cleanUpTime(cell),
    });
    this.#caller = new WindowCaller({
      setup,
      function: windowing.function,
      windowStates: windowing.assigner.merges ? null : this.#windowStates,
      globalStates: this.keys.table,
    });
  }

  override stateTables(): Readonly<Record<string, StateTable>> {
    return { ...super.stateTables(), trigger: this.#triggerStates, window: this.#windowStates };
  }

  protected override unkeyedSnapshot(): OperatorSnapshot {
    return { ...super.unkeyedSnapshot(), ...versionToSnapshot(this.#windowing.contents) };
  }

  override restore(snapshot: OperatorSnapshot): void {
    this.#written = writtenContents(this.setup.name, snapshot);
    super.restore(snapshot);
    this.#triggerCall.watermark = this.currentWatermark;
    this.#caller.watermark = this.currentWatermark;
  }

  protected override keyToSnapshot(key: KeyScope<WindowCells<C>>): KeySnapshot {
    const cells = [...(key.own?.all() ?? [])].sort((a, b) => a.ordinal - b.ordinal);
    return { ...super.keyToSnapshot(key), windows: cells.map((cell) => this.#cellToSnapshot(cell)) };
  }

  protected override keyFromSnapshot(key: KeyScope<WindowCells<C>>, snapshot: KeySnapshot): void {
    super.keyFromSnapshot(key, snapshot);
    if (snapshot.sliding !== undefined) {
      throw foreignWindows({ operator: this.setup.name, held: "panes, and not what each window has" });
    }
    for (const window of snapshot.windows ?? []) this.#cellFromSnapshot(window);
  }

  override open(): void {
    this.#caller.open();
  }

  override close(): void {
    this.#caller.close();
  }

  protected override process(value: T, timestamp: number): void {
    const { assigner, contents, trigger, lateTag } = this.#windowing;
    const element = { value, timestamp };
    const time = assigner.time === "event" ? timestamp : this.setup.clock.now;
    const windows = assigner.assign(value, time);
    let isInTime = windows.length === 0;
    for (const window of windows) {
      const cell = assigner.merges ? this.#mergedCell(window) : this.#cell(window);
      if (cell === null) continue;
      isInTime = true;
      cell.contents = contents.add(cell.contents, element);
      this.#react({ cell, at: timestamp, result: trigger.onElement(element, this.#triggerCall.of(cell)) });
      this.#setCleanUp(cell, time);
      this.#dropIfBlank(cell);
    }
    this.#triggerCall.leave();
    if (!isInTime) this.takeLate(value, { timestamp, tag: lateTag });
  }

  override watermark(watermark: number): void {
    this.#triggerCall.watermark = watermark;
    this.#caller.watermark = watermark;
    super.watermark(watermark);
  }

  protected override onEventTime(cell: WindowCell<C>, at: number): void {
    const { trigger } = this.#windowing;
    this.keys.enterScope(cell.key);
    this.#react({ cell, at, result: trigger.onEventTime(at, this.#triggerCall.of(cell)) });
    this.#cleanUp(cell, { domain: "event", at });
    this.#triggerCall.leave();
    this.keys.leave();
  }

  protected override onProcessingTime(cell: WindowCell<C>, at: number): void {
    const { trigger } = this.#windowing;
    this.keys.enterScope(cell.key);
    this.#react({ cell, at, result: trigger.onProcessingTime(at, this.#triggerCall.of(cell)) });
    this.#cleanUp(cell, { domain: "processing", at });
    this.#triggerCall.leave();
    this.keys.leave();
  }

  /** At the end of time, each window that is to go may have to look once more. */
  protected override get furtherTimersMax(): number {
    return super.furtherTimersMax + (this.#windowing.timeToLiveMs === null ? 0 : this.windowCount);
  }

  protected override keyScopeOf({ key }: WindowCell<C>): KeyScope<WindowCells<C>> {
    return key;
  }

  #stateTable(scopeOf: (cell: WindowCell<C>) => StateScope): StateTable {
    const { name: operator, clock } = this.setup;
    const keys = this.keys;
    function* scopes(): Iterable<StateScope> {
      for (const { own: windows } of keys.scopes()) for (const cell of windows?.all() ?? []) yield scopeOf(cell);
    }
    return new StateTable({ operator, scopeName: "window", clock, scopes });
  }

  #cellToSnapshot(cell: WindowCell<C>): WindowSnapshot {
    const { contents } = this.#windowing;
    return {
      start: timeToSnapshot(cell.window.start),
      end: timeToSnapshot(cell.window.end),
      ...(cell.contents === undefined
        ? {}
        : { contents: contents.toJson(cell.contents, `a window of ${this.setup.name}`) }),
      ...(cell.expiry === null ? {} : { expiry: { ...cell.expiry } }),
      triggerState: this.#triggerStates.toJson(cell),
      windowState: this.#windowStates.toJson(cell.windowState),
      timers: this.timersToSnapshot(cell),
    };
  }

  #cellFromSnapshot({ start, end, contents, expiry, triggerState, windowState, timers }: WindowSnapshot): void {
    const cell = this.#newCell({ start: timeFromSnapshot(start), end: timeFromSnapshot(end) });
    if (contents !== undefined) cell.contents = this.#windowing.contents.fromJson(contents, this.#written);
    if (Object.keys(triggerState).length > 0) cell.unclaimed = triggerState;
    if (Object.keys(windowState).length > 0) cell.windowState.unclaimed = windowState;
    this.restoreTimers(cell, timers);
    this.#restoreExpiry(cell, expiry);
  }

  /** A time to live that the snapshot does not know begins now. */
  #restoreExpiry(cell: WindowCell<C>, expiry: WindowSnapshot["expiry"]): void {
    if (this.#windowing.timeToLiveMs === null) return;
    const now = this.#windowing.assigner.time === "event" ? this.currentWatermark : this.setup.clock.now;
    if (expiry !== undefined) cell.expiry = { ...expiry };
    else if (Number.isFinite(now)) this.#setCleanUp(cell, now);
  }

  /** Null for a window whose time is over. UserError `window-collision`. */
  #cell(window: Window): WindowCell<C> | null {
    if (this.#isOver(window)) return null;
    const known = this.keys.current.own?.endingAt(window.end);
    if (known === undefined) return this.#newCell(window);
    if (known.window.start === window.start) return known;
    throw new UserError({
      code: "window-collision",
      message: `${this.setup.name}: two windows of one key end at ${window.end}, and start at ${known.window.start} and ${window.start}`,
      hint: "windows of one key are told apart by their ends: let the assigner give each its own",
    });
  }

  #newCell(window: Window): WindowCell<C> {
    const key = this.keys.current;
    const cell = new WindowCell<C>({ key, window, ordinal: this.#cellsSeen++ });
    (key.own ??= new WindowCells()).add(cell);
    this.windowCount++;
    return cell;
  }

  /**
   * The one window that all that overlap it have become, with the new one. Those that only touch stay apart: the earlier may have
   * fired, or not, by the time the later comes, and the results must not depend on it.
   */
  #mergedCell(added: Window): WindowCell<C> | null {
    const overlapping = [...(this.keys.current.own?.all() ?? [])]
      .filter(({ window }) => window.start < added.end && window.end > added.start)
      .sort((a, b) => a.window.start - b.window.start);
    const window = {
      start: Math.min(added.start, ...overlapping.map((cell) => cell.window.start)),
      end: Math.max(added.end, ...overlapping.map((cell) => cell.window.end)),
    };
    const [first, ...others] = overlapping;
    if (first === undefined) return this.#isOver(window) ? null : this.#newCell(window);
    if (others.length === 0 && first.window.start === window.start && first.window.end === window.end) return first;
    this.#merge({ into: first, others, window });
    return first;
  }

  #merge({ into, others, window }: { into: WindowCell<C>; others: readonly WindowCell<C>[]; window: Window }): void {
    const { contents, trigger } = this.#windowing;
    for (const other of others) {
      if (other.contents === undefined) continue;
      into.contents = into.contents === undefined ? other.contents : contents.merge(into.contents, other.contents);
    }
    for (const cell of [into, ...others]) {
      this.#clearTimers(cell);
      this.keys.current.own!.delete(cell);
    }
    this.windowCount -= others.length;
    into.window = window;
    this.keys.current.own!.add(into);
    trigger.onMerge!(this.#triggerCall.of(into, others));
    for (const other of others) {
      trigger.clear?.(this.#triggerCall.of(other));
      // What a trigger has set while it cleared up would fire in a window that is gone.
      this.#clearTimers(other);
    }
  }

  #react({ cell, at, result }: { cell: WindowCell<C>; at: number; result: TriggerResult }): void {
    switch (result) {
      case "CONTINUE":
        return;
      case "FIRE":
        return this.#fire(cell, at);
      case "FIRE_AND_PURGE":
        this.#fire(cell, at);
        cell.contents = undefined;
        return;
      case "PURGE":
        cell.contents = undefined;
        return;
      default:
        throw badDecision(result, { operator: this.setup.name, trigger: this.#windowing.trigger.name });
    }
  }

  #fire(cell: WindowCell<C>, at: number): void {
    const held = cell.contents;
    if (held === undefined) return;
    const elements = (context: EvictorContext): readonly E[] => {
      const { elements: seen, left } = this.#windowing.contents.fire(held, context);
      cell.contents = left;
      return seen;
    };
    this.#caller.fire(cell, { at, elements });
  }

  /** A timer has fired: where it is the one that clears the window away, and the window is over, it goes. */
  #cleanUp(cell: WindowCell<C>, { domain, at }: { domain: TimeDomain; at: number }): void {
    if (domain === this.#windowing.assigner.time && at === this.#cleanUpTime(cell)) {
      if (cell.expiry === null || this.#expiresAt(cell.expiry) <= at) return this.#clear(cell, at);
      cell.expiry.dueAt = this.#expiresAt(cell.expiry);
      this.#setTimer(cell, cell.expiry.dueAt);
    }
    this.#dropIfBlank(cell);
  }

  #clear(cell: WindowCell<C>, at: number): void {
    this.#windowing.trigger.clear?.(this.#triggerCall.of(cell));
    this.#caller.clear(cell, at);
    this.#drop(cell);
  }

  /** A window without an end that was purged, and of which its trigger remembers nothing, is as if it had never been. */
  #dropIfBlank(cell: WindowCell<C>): void {
    if (!cell.isBlank || this.#endTime(cell.window) !== Infinity) return;
    const ownTimer = cell.expiry === null ? 0 : 1;
    const timers = this.eventTimers.timesOf(cell).length + this.processingTimers.timesOf(cell).length;
    if (timers === ownTimer) this.#drop(cell);
  }

  #drop(cell: WindowCell<C>): void {
    this.#clearTimers(cell);
    const { key } = cell;
    key.own!.delete(cell);
    this.windowCount--;
    if (key.own!.isEmpty) key.own = null;
  }

  #clearTimers(cell: WindowCell<C>): void {
    this.eventTimers.clear(cell);
    this.processingTimers.clear(cell);
  }

  #isOver(window: Window): boolean {
    return this.#windowing.assigner.time === "event" && this.#endTime(window) <= this.currentWatermark;
  }

  /** When the window goes by itself, in its own time; Infinity for one without an end. */
  #endTime(window: Window): number {
    const { assigner, allowedLatenessMs } = this.#windowing;
    return closingTime(window, assigner.time) + (assigner.time === "event" ? allowedLatenessMs : 0);
  }

  /** When there is a timer to clear it away. */
  #cleanUpTime(cell: WindowCell<C>): number {
    return cell.expiry?.dueAt ?? this.#endTime(cell.window);
  }

  #expiresAt({ newest }: Expiry): number {
    return newest + (this.#windowing.timeToLiveMs ?? 0);
  }

  /** `time` is that of its newest record, in the windows' time. */
  #setCleanUp(cell: WindowCell<C>, time: number): void {
    const { timeToLiveMs } = this.#windowing;
    if (cell.expiry !== null) cell.expiry.newest = Math.max(cell.expiry.newest, time);
    else if (timeToLiveMs !== null) cell.expiry = { newest: time, dueAt: time + timeToLiveMs };
    const at = this.#cleanUpTime(cell);
    if (at !== Infinity) this.#setTimer(cell, at);
  }

  #setTimer(cell: WindowCell<C>, at: number): void {
    if (this.#windowing.assigner.time === "event") this.eventTimers.set(cell, at);
    else this.processingTimers.set(cell, at);
  }
}

/** The compiler refuses it; whoever writes JavaScript is told here. */
function badDecision(result: never, { operator, trigger }: { operator: string; trigger: string }): UserError {
  return new UserError({
    code: "bad-result",
    message: `${operator}: the trigger "${trigger}" gave ${String(result)}; expected CONTINUE, FIRE, PURGE or FIRE_AND_PURGE`,
    hint: "where there is nothing to do, give `CONTINUE`",
  });
}
