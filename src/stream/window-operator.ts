/** Runs windows by key: puts records into them, asks the trigger, emits what they come to, and clears them away. Mutable. */

import { unreachable } from "../core/assert.ts";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { timeFromSnapshot, timeToSnapshot } from "../core/time.ts";
import type { EvictorContext } from "./evictor.ts";
import { KeyedOperator } from "./keyed-operator.ts";
import type { KeyScope } from "./keyed-state.ts";
import type { OperatorSetup } from "./operator.ts";
import type { KeySnapshot, OperatorSnapshot, WindowSnapshot } from "./snapshot.ts";
import { StateTable, type StateScope } from "./state-table.ts";
import type { Trigger, TriggerResult } from "./trigger.ts";
import { TriggerCall } from "./trigger-call.ts";
import { WindowCaller } from "./window-call.ts";
import { WindowCell, WindowCells } from "./window-cell.ts";
import type { WindowContents } from "./window-contents.ts";
import { closingTime, type Window } from "./window.ts";
import type { WindowAssigner } from "./window-assigner.ts";
import { foreignWindows, type Windowing } from "./windowing.ts";

export interface WindowRules<T, K extends Json, C, E, Out> extends Windowing<T, K, E, Out> {
  readonly assigner: WindowAssigner<T>;
  readonly trigger: Trigger<T>;
  readonly contents: WindowContents<T, C, E>;
}

export class WindowOperator<T, K extends Json, C, E, Out> extends KeyedOperator<T, Out, WindowCell<C>, WindowCells<C>> {
  readonly #windowing: WindowRules<T, K, C, E, Out>;
  readonly #triggerStates: StateTable;
  readonly #windowStates: StateTable;
  readonly #triggerCall: TriggerCall<C>;
  readonly #caller: WindowCaller<K, E, Out>;
  #cellsSeen = 0;

  constructor(setup: OperatorSetup, windowing: WindowRules<T, K, C, E, Out>) {
    super(setup, windowing.key);
    this.#windowing = windowing;
    this.#triggerStates = this.#stateTable((cell) => cell);
    this.#windowStates = this.#stateTable(({ windowState }) => windowState);
    this.#triggerCall = new TriggerCall({
      setup,
      time: windowing.assigner.time,
      states: this.#triggerStates,
      eventTimers: this.eventTimers,
      processingTimers: this.processingTimers,
      cleanUpTime: (window) => this.#cleanUpTime(window),
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

  override restore(snapshot: OperatorSnapshot): void {
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
    const windows = assigner.assign(value, assigner.time === "event" ? timestamp : this.setup.clock.now);
    let isInTime = windows.length === 0;
    for (const window of windows) {
      const cell = assigner.merges ? this.#mergedCell(window) : this.#cell(window);
      if (cell === null) continue;
      isInTime = true;
      cell.contents = contents.add(cell.contents, element);
      this.#react({ cell, at: timestamp, result: trigger.onElement(element, this.#triggerCall.of(cell)) });
      this.#setCleanUp(cell);
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
    const { trigger, assigner } = this.#windowing;
    this.keys.enterScope(cell.key);
    this.#react({ cell, at, result: trigger.onEventTime(at, this.#triggerCall.of(cell)) });
    if (assigner.time === "event" && at === this.#cleanUpTime(cell.window)) this.#clear(cell);
    this.#triggerCall.leave();
    this.keys.leave();
  }

  protected override onProcessingTime(cell: WindowCell<C>, at: number): void {
    const { trigger, assigner } = this.#windowing;
    this.keys.enterScope(cell.key);
    this.#react({ cell, at, result: trigger.onProcessingTime(at, this.#triggerCall.of(cell)) });
    if (assigner.time === "processing" && at === this.#cleanUpTime(cell.window)) this.#clear(cell);
    this.#triggerCall.leave();
    this.keys.leave();
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
      triggerState: this.#triggerStates.toJson(cell),
      windowState: this.#windowStates.toJson(cell.windowState),
      timers: this.timersToSnapshot(cell),
    };
  }

  #cellFromSnapshot({ start, end, contents, triggerState, windowState, timers }: WindowSnapshot): void {
    const cell = this.#newCell({ start: timeFromSnapshot(start), end: timeFromSnapshot(end) });
    if (contents !== undefined) cell.contents = this.#windowing.contents.fromJson(contents);
    if (Object.keys(triggerState).length > 0) cell.unclaimed = triggerState;
    if (Object.keys(windowState).length > 0) cell.windowState.unclaimed = windowState;
    this.restoreTimers(cell, timers);
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
      this.eventTimers.clear(cell);
      this.processingTimers.clear(cell);
      this.keys.current.own!.delete(cell);
    }
    this.windowCount -= others.length;
    into.window = window;
    this.keys.current.own!.add(into);
    trigger.onMerge!(this.#triggerCall.of(into, others));
    for (const other of others) trigger.clear?.(this.#triggerCall.of(other));
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
        unreachable(result);
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

  #clear(cell: WindowCell<C>): void {
    this.#windowing.trigger.clear?.(this.#triggerCall.of(cell));
    this.#caller.clear(cell, this.currentWatermark);
    this.eventTimers.clear(cell);
    this.processingTimers.clear(cell);
    const { key } = cell;
    key.own!.delete(cell);
    this.windowCount--;
    if (key.own!.isEmpty) key.own = null;
  }

  #isOver(window: Window): boolean {
    return this.#windowing.assigner.time === "event" && this.#cleanUpTime(window) <= this.currentWatermark;
  }

  #cleanUpTime(window: Window): number {
    const { assigner, allowedLatenessMs } = this.#windowing;
    return closingTime(window, assigner.time) + (assigner.time === "event" ? allowedLatenessMs : 0);
  }

  #setCleanUp(cell: WindowCell<C>): void {
    const at = this.#cleanUpTime(cell.window);
    if (at === Infinity) return;
    if (this.#windowing.assigner.time === "event") this.eventTimers.set(cell, at);
    else this.processingTimers.set(cell, at);
  }
}
