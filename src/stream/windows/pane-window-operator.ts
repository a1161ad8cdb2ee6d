/**
 * Runs sliding windows of event time whose contents can be combined: each record is added once, to its pane, and a window
 * that fires combines its panes, the earlier first. A key costs an accumulator for each pane, of which there are at most two
 * for each `every`, and a firing as many merges; window by window it would be `size / every` accumulators, and as many
 * additions for each record. What is fired, and when, is the same (S11.11). Mutable.
 */

import type { Json } from "../../core/event.ts";
import { KeyedOperator } from "../operators/keyed-operator.ts";
import type { KeyScope } from "../state/key-scope.ts";
import type { OperatorSetup } from "../operators/operator.ts";
import { versionToSnapshot, type Written } from "../state/serializer.ts";
import type { SlidingWindows } from "./sliding-windows.ts";
import type { KeySnapshot, OperatorSnapshot, SlidingSnapshot } from "../task/snapshot.ts";
import { emptyScope, StateTable } from "../state/state-table.ts";
import { WindowCaller } from "./window-call.ts";
import type { PaneContents } from "./window-contents.ts";
import { Panes } from "./window-panes.ts";
import { foreignWindows, writtenContents, type Windowing } from "./windowing.ts";

export interface PaneWindowing<T, K extends Json, C, E, Out> extends Windowing<T, K, E, Out> {
  readonly assigner: SlidingWindows;
  readonly contents: PaneContents<T, C, E>;
}

type PanesKey<C> = KeyScope<Panes<C>>;

export class PaneWindowOperator<T, K extends Json, C, E, Out> extends KeyedOperator<T, Out, PanesKey<C>, Panes<C>> {
  readonly #windowing: PaneWindowing<T, K, C, E, Out>;
  readonly #windowStates: StateTable;
  readonly #caller: WindowCaller<K, E, Out>;
  #written: Written;

  constructor(setup: OperatorSetup, windowing: PaneWindowing<T, K, C, E, Out>) {
    super(setup, windowing.key);
    const { keys } = this;
    this.#windowing = windowing;
    this.#written = writtenContents(setup.name);
    this.#windowStates = new StateTable({
      operator: setup.name,
      scopeName: "window",
      clock: setup.clock,
      *scopes() {
        for (const { own: windows } of keys.scopes()) if (windows !== null) yield* windows.windowStates().values();
      },
    });
    this.#caller = new WindowCaller({
      setup,
      function: windowing.function,
      windowStates: this.#windowStates,
      globalStates: keys.table,
    });
  }

  override stateTables(): Readonly<Record<string, StateTable>> {
    return { ...super.stateTables(), window: this.#windowStates };
  }

  override open(): void {
    this.#caller.open();
  }

  override close(): void {
    this.#caller.close();
  }

  protected override process(value: T, timestamp: number): void {
    const { assigner, contents, lateTag } = this.#windowing;
    if (this.#isOver(assigner.lastEnd(timestamp))) return this.takeLate(value, { timestamp, tag: lateTag });
    const key = this.keys.current;
    const panes = (key.own ??= new Panes());
    const { start } = assigner.paneAt(timestamp);
    const pane = panes.at(start);
    const sum = contents.add(pane?.contents, { value, timestamp, arrival: panes.arrivals++ });
    if (pane !== undefined) {
      pane.contents = sum;
    } else {
      panes.add({ start, contents: sum });
      this.windowCount++;
      this.#setTimer(key, { panes, after: this.currentWatermark });
    }
    this.#fireAgain(key, timestamp);
  }

  override watermark(watermark: number): void {
    this.#caller.watermark = watermark;
    super.watermark(watermark);
  }

  protected override onEventTime(key: PanesKey<C>, at: number): void {
    const { assigner, allowedLatenessMs } = this.#windowing;
    this.keys.enterScope(key);
    if (assigner.isEnd(at + 1)) this.#fire(key, { end: at + 1, at });
    if (assigner.isEnd(at + 1 - allowedLatenessMs)) this.#clear(key, { end: at + 1 - allowedLatenessMs, at });
    if (key.own !== null) this.#setTimer(key, { panes: key.own, after: at });
    this.keys.leave();
  }

  protected override keyScopeOf(key: PanesKey<C>): PanesKey<C> {
    return key;
  }

  /** Windows of event time have no timers of processing time. */
  protected override onProcessingTime(): void {}

  protected override unkeyedSnapshot(): OperatorSnapshot {
    return { ...super.unkeyedSnapshot(), ...versionToSnapshot(this.#windowing.contents) };
  }

  override restore(snapshot: OperatorSnapshot): void {
    this.#written = writtenContents(this.setup.name, snapshot);
    super.restore(snapshot);
    this.#caller.watermark = this.currentWatermark;
  }

  /** A timer goes from window to window, and there are no more windows than records make. */
  protected override get furtherTimersMax(): number {
    return Infinity;
  }

  protected override keyToSnapshot(key: PanesKey<C>): KeySnapshot {
    const { own: panes } = key;
    return { ...super.keyToSnapshot(key), ...(panes === null ? {} : { sliding: this.#panesToSnapshot(panes) }) };
  }

  protected override keyFromSnapshot(key: PanesKey<C>, snapshot: KeySnapshot): void {
    super.keyFromSnapshot(key, snapshot);
    if ((snapshot.windows ?? []).length > 0) {
      throw foreignWindows({ operator: this.setup.name, held: "what each window has, and not its panes" });
    }
    this.restoreTimers(key, snapshot.timers);
    if (snapshot.sliding !== undefined) key.own = this.#panesFromSnapshot(snapshot.sliding);
  }

  /** When the key next has a window to fire or to clear; each window that has a pane is due once for both. */
  #setTimer(key: PanesKey<C>, { panes, after }: { panes: Panes<C>; after: number }): void {
    const { assigner, allowedLatenessMs } = this.#windowing;
    const fires = this.#nextEnd(panes, assigner.firstEnd(after + 1)) - 1;
    const clears = this.#nextEnd(panes, assigner.firstEnd(after + 1 - allowedLatenessMs)) - 1 + allowedLatenessMs;
    this.eventTimers.setOnly(key, Math.min(fires, clears));
  }

  /** The end of the first window, of those that end there or later, that has anything; Infinity if none has. */
  #nextEnd(panes: Panes<C>, end: number): number {
    const { assigner } = this.#windowing;
    const pane = panes.from(end - assigner.size);
    return pane === undefined ? Infinity : Math.max(end, assigner.firstEnd(pane.start));
  }

  /** A late record: the windows that have fired and are still there fire once more, the latest first. */
  #fireAgain(key: PanesKey<C>, timestamp: number): void {
    const { assigner } = this.#windowing;
    const first = assigner.firstEnd(timestamp);
    if (first - 1 > this.currentWatermark) return;
    const passed = assigner.firstEnd(this.currentWatermark + 1) - assigner.every;
    const last = Math.min(assigner.lastEnd(timestamp), passed);
    for (let end = last; end >= first && !this.#isOver(end); end -= assigner.every) {
      this.#fire(key, { end, at: timestamp });
    }
  }

  #fire(key: PanesKey<C>, { end, at }: { end: number; at: number }): void {
    const { assigner, contents } = this.#windowing;
    const panes = key.own!;
    const window = assigner.windowTo(end);
    const parts = panes.within(window).map((pane) => pane.contents);
    if (parts.length === 0) return;
    const windowState = panes.windowStateOf(end);
    this.#caller.fire({ key, window, windowState }, { at, elements: () => contents.combine(parts) });
    panes.keepWindowState(end, windowState);
  }

  /** What is only in this window and in those before it goes with it. */
  #clear(key: PanesKey<C>, { end, at }: { end: number; at: number }): void {
    const { assigner } = this.#windowing;
    const panes = key.own!;
    const window = assigner.windowTo(end);
    if (panes.within(window).length > 0) {
      this.#caller.clear({ key, window, windowState: panes.windowStateOf(end) }, at);
    }
    panes.keepWindowState(end, emptyScope());
    this.windowCount -= panes.dropBefore(window.start + assigner.every);
    if (panes.isEmpty) key.own = null;
  }

  #isOver(end: number): boolean {
    return end - 1 + this.#windowing.allowedLatenessMs <= this.currentWatermark;
  }

  #panesToSnapshot(panes: Panes<C>): SlidingSnapshot {
    const { assigner, contents } = this.#windowing;
    return {
      panes: panes.all().map((pane) => ({
        ...assigner.paneAt(pane.start),
        contents: contents.toJson(pane.contents, `a window of ${this.setup.name}`),
      })),
      windowStates: [...panes.windowStates()]
        .sort(([end], [other]) => end - other)
        .map(([end, state]) => ({ end, state: this.#windowStates.toJson(state) })),
      ...(contents.isByArrival ? { arrivals: panes.arrivals } : {}),
    };
  }

  #panesFromSnapshot({ panes, windowStates, arrivals = 0 }: SlidingSnapshot): Panes<C> {
    const { assigner, contents } = this.#windowing;
    const restored = new Panes<C>();
    restored.arrivals = arrivals;
    for (const pane of panes) {
      const { start, end } = assigner.paneAt(pane.start);
      if (start !== pane.start || end !== pane.end) {
        throw foreignWindows({
          operator: this.setup.name,
          held: `a pane from ${pane.start} to ${pane.end}, and ${assigner.name} windows have none`,
        });
      }
      restored.add({ start, contents: contents.fromJson(pane.contents, this.#written) });
      this.windowCount++;
    }
    for (const { end, state } of windowStates) restored.keepWindowState(end, { ...emptyScope(), unclaimed: state });
    return restored;
  }
}
