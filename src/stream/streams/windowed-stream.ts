/** A keyed stream in windows: how they fire, what they keep, how late a record may be; and what is to be made of them. */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import { durationText } from "../../core/duration.ts";
import { limits } from "../../core/limits.ts";
import { checkCount, checkDuration, checkNonNegativeDuration } from "../checks.ts";
import type { DataStream } from "./data-stream.ts";
import type { Evictor } from "../windows/evictor.ts";
import { checkFactory, checkFunction, checkMethod, made } from "../functions/function-checks.ts";
import type { AggregateFunction, ReduceFunction } from "../functions/aggregate-function.ts";
import type { Codec } from "../state/codec.ts";
import type { KeySelector } from "../graph/key-selector.ts";
import type { Addition } from "../graph/origin.ts";
import type { OutputTag } from "../graph/side-output.ts";
import { PaneWindowOperator } from "../windows/pane-window-operator.ts";
import { SlidingWindows } from "../windows/sliding-windows.ts";
import { SummableStream } from "./summable-stream.ts";
import type { TotalOptions } from "../functions/totals.ts";
import { eventTimeTrigger, type Trigger } from "../windows/trigger.ts";
import {
  aggregatedContents,
  evictedContents,
  keptContents,
  reducedContents,
  type ContentsPlan,
} from "../windows/window-contents.ts";
import { collectEach, type ProcessWindowFunction } from "../windows/window-function.ts";
import { WindowOperator } from "../windows/window-operator.ts";
import type { WindowAssigner } from "../windows/window-assigner.ts";

/** Whose records are put into windows. */
export interface WindowSource<T, K extends Json> {
  /** What the windows stand behind, for messages. */
  readonly place: string;
  readonly key: KeySelector<T, K>;
  /** Puts the operator behind it, by key. */
  add<R>(addition: Omit<Addition, "partition">): DataStream<R>;
}

interface Settings<T> {
  readonly assigner: WindowAssigner<T>;
  readonly trigger?: Trigger<T>;
  readonly evictor?: Evictor<T>;
  readonly allowedLatenessMs?: number;
  readonly timeToLiveMs?: number;
  readonly maxOverlap?: number;
  readonly lateTag?: string;
  readonly codec?: Codec<T>;
}

export class WindowedStream<T, K extends Json> extends SummableStream<T> {
  readonly #source: WindowSource<T, K>;
  readonly #settings: Settings<T>;

  /** UserError `bad-argument`. */
  constructor(source: WindowSource<T, K>, settings: Settings<T>) {
    super();
    this.#source = source;
    this.#settings = settings;
    checkMethod({ operator: this.placeOf("window"), value: settings.assigner, method: "assign" });
  }

  /** In place of the assigner's own. */
  trigger(trigger: Trigger<T>): WindowedStream<T, K> {
    checkMethod({ operator: this.placeOf("trigger"), value: trigger, method: "onElement" });
    return this.#with({ trigger });
  }

  /** The window then keeps its records, and works out what they come to when it fires. */
  evictor(evictor: Evictor<T>): WindowedStream<T, K> {
    return this.#with({ evictor });
  }

  /** A window stays for so long after its end, and fires again for each record that comes until then (S11.15). */
  allowedLateness(ms: number): WindowedStream<T, K> {
    checkNonNegativeDuration({ what: "the allowed lateness of windows", value: ms });
    return this.#with({ allowedLatenessMs: ms });
  }

  /**
   * A window without an end goes when the newest of its records is so old, with all that is kept of it, and unfired; so keys that
   * nobody hears of any more cost nothing (S11.28). By default it stays for ever.
   */
  timeToLive(ms: number): WindowedStream<T, K> {
    checkDuration({ what: "the time to live of windows", value: ms });
    const { assigner } = this.#settings;
    if (assigner.defaultTrigger === null) return this.#with({ timeToLiveMs: ms });
    throw new UserError({
      code: "bad-argument",
      message: `${assigner.name} windows have an end, and go with it: they have no time to live`,
      hint: "`allowedLateness` is how long they stay after their end",
    });
  }

  /**
   * Into how many sliding windows a record may be put one by one, where they cannot share what they have (S11.38). Default: 1,000.
   * UserError `bad-argument`.
   */
  maxOverlap(windows: number): WindowedStream<T, K> {
    checkCount({ what: "the greatest overlap of windows", value: windows });
    return this.#with({ maxOverlap: windows });
  }

  /** Where records go that come too late for their windows, instead of being dropped. */
  sideOutputLateData({ name }: OutputTag<T>): WindowedStream<T, K> {
    return this.#with({ lateTag: name });
  }

  /** For records that are no JSON: how windows that keep records have them in snapshots. */
  codec(codec: Codec<T>): WindowedStream<T, K> {
    return this.#with({ codec });
  }

  reduce(reduce: ReduceFunction<T>): DataStream<T>;
  reduce<R>(reduce: ReduceFunction<T>, make: () => ProcessWindowFunction<K, T, R>): DataStream<R>;
  reduce<R>(
    reduce: ReduceFunction<T>,
    make: () => ProcessWindowFunction<K, T, T | R> = collectEach<K, T>,
  ): DataStream<T | R> {
    checkFunction({ operator: this.placeOf("reduce"), value: reduce, expected: "a function that makes one of two" });
    const { evictor, codec } = this.#settings;
    if (evictor === undefined) return this.#build(reducedContents(reduce, codec), make);
    return this.#build(evictedContents({ evictor, codec, outcome: (values) => reducedAll(values, reduce) }), make);
  }

  aggregate<Acc, Out>(aggregate: AggregateFunction<T, Acc, Out>): DataStream<Out>;
  aggregate<Acc, Out, R>(
    aggregate: AggregateFunction<T, Acc, Out>,
    make: () => ProcessWindowFunction<K, Out, R>,
  ): DataStream<R>;
  aggregate<Acc, Out, R>(
    aggregate: AggregateFunction<T, Acc, Out>,
    make: () => ProcessWindowFunction<K, Out, Out | R> = collectEach<K, Out>,
  ): DataStream<Out | R> {
    checkMethod({ operator: this.placeOf("aggregate"), value: aggregate, method: "getResult" });
    const { evictor, codec } = this.#settings;
    if (evictor === undefined) return this.#build(aggregatedContents(aggregate), make);
    return this.#build(
      evictedContents({ evictor, codec, outcome: (values) => aggregatedAll(values, aggregate) }),
      make,
    );
  }

  /** The function sees all records of the window in the order in which they came; they are kept for it. */
  process<R>(make: () => ProcessWindowFunction<K, T, R>): DataStream<R> {
    const { evictor, codec } = this.#settings;
    if (evictor === undefined) return this.#build(keptContents<T>(codec), make);
    return this.#build(evictedContents({ evictor, codec, outcome: (values) => values }), make);
  }

  protected override total<Acc, Out>(_: string, aggregate: AggregateFunction<T, Acc, Out>): DataStream<Out> {
    return this.aggregate(aggregate);
  }

  protected override placeOf(kind: string): string {
    return `${kind} behind ${this.#source.place}`;
  }

  protected override optionsOf({ codec = this.#settings.codec }: TotalOptions<T>): TotalOptions<T> {
    return { codec };
  }

  #with(settings: Partial<Settings<T>>): WindowedStream<T, K> {
    return new WindowedStream(this.#source, { ...this.#settings, ...settings });
  }

  #build<C, P, E, R>(
    { byWindow, byPane }: ContentsPlan<T, C, P, E>,
    make: () => ProcessWindowFunction<K, E, R>,
  ): DataStream<R> {
    const { assigner, allowedLatenessMs = 0, timeToLiveMs = null, lateTag = null } = this.#settings;
    const trigger = this.#checkedTrigger();
    checkFactory({ operator: this.placeOf("a function of windows"), value: make });
    if (assigner.merges && !byWindow.canMerge) throw cannotMerge(assigner, "the aggregate has no `merge`");
    const sliced = byPane === null ? null : slicedBy(assigner, trigger);
    if (sliced === null) this.#checkOverlap();
    const windowing = { key: this.#source.key, allowedLatenessMs, lateTag };
    return this.#source.add({
      kind: "window",
      does: this.#description(trigger),
      create(setup) {
        const own = { ...windowing, function: made(make, setup, "process") };
        if (sliced === null || byPane === null) {
          return new WindowOperator(setup, { ...own, assigner, trigger, contents: byWindow, timeToLiveMs });
        }
        return new PaneWindowOperator(setup, { ...own, assigner: sliced, contents: byPane });
      },
    });
  }

  /** UserError `too-many-windows`. */
  #checkOverlap(): void {
    const { assigner, maxOverlap = limits.overlappingWindowsDefault } = this.#settings;
    if (!(assigner instanceof SlidingWindows) || assigner.overlap <= maxOverlap) return;
    throw new UserError({
      code: "too-many-windows",
      message: `${assigner.name} windows: each record would be added to ${assigner.overlap} of them, one by one; at most ${maxOverlap} are meant to be`,
      hint: "they share what they have under their own trigger, with `process`, with `reduce`, or with an aggregate that has `merge`; or let them be more by `maxOverlap`",
    });
  }

  #checkedTrigger(): Trigger<T> {
    const { assigner, trigger = assigner.defaultTrigger } = this.#settings;
    if (trigger === null) throw neverFires(assigner, "have no trigger");
    if (trigger.firesOnlyAtTheEnd === true && assigner.defaultTrigger === null) {
      throw neverFires(assigner, `have no end, which is when the trigger "${trigger.name}" fires`);
    }
    if (trigger.firesOnlyAtTheEndOfInput === true && assigner.defaultTrigger !== null && assigner.time === "event") {
      throw neverFires(assigner, `are over before the end of input, which is when the trigger "${trigger.name}" fires`);
    }
    if (assigner.merges && trigger.onMerge === undefined) {
      throw cannotMerge(assigner, `the trigger "${trigger.name}" has no \`onMerge\``);
    }
    return trigger;
  }

  #description(trigger: Trigger<T>): string {
    const { assigner, evictor, allowedLatenessMs = 0, timeToLiveMs } = this.#settings;
    const parts = [
      `window ${assigner.name}`,
      ...(trigger.name === assigner.defaultTrigger?.name ? [] : [trigger.name]),
      ...(evictor === undefined ? [] : [evictor.name]),
      ...(allowedLatenessMs === 0 ? [] : [`lateness ${durationText(allowedLatenessMs)}`]),
      ...(timeToLiveMs === undefined ? [] : [`forgotten after ${durationText(timeToLiveMs)}`]),
    ];
    return parts.join(", ");
  }
}

/** Windows that may share what their records come to: nothing but time decides what is in them, and when they fire. Null for others. */
function slicedBy<T>(assigner: WindowAssigner<T>, trigger: Trigger<T>): SlidingWindows | null {
  const isOfTime = assigner instanceof SlidingWindows && assigner.time === "event";
  return isOfTime && trigger === eventTimeTrigger() ? assigner : null;
}

function reducedAll<T>(values: readonly T[], reduce: ReduceFunction<T>): readonly T[] {
  return values.length === 0 ? [] : [values.reduce((a, b) => reduce(a, b))];
}

function aggregatedAll<T, Acc, Out>(values: readonly T[], aggregate: AggregateFunction<T, Acc, Out>): readonly Out[] {
  if (values.length === 0) return [];
  const accumulator = values.reduce((acc, value) => aggregate.add(value, acc), aggregate.createAccumulator());
  return [aggregate.getResult(accumulator)];
}

function neverFires({ name }: WindowAssigner<never>, reason: string): UserError {
  return new UserError({
    code: "window-never-fires",
    message: `${name} windows ${reason}: they would never fire`,
    hint: "give them a trigger that fires before: `.trigger(countTrigger(100))`",
  });
}

function cannotMerge({ name }: WindowAssigner<never>, reason: string): UserError {
  return new UserError({
    code: "windows-cannot-merge",
    message: `${name} windows become one when they overlap, and ${reason}`,
    hint: "add it: it makes one of what two windows have",
  });
}
