/**
 * Triggers: when a window fires. A trigger looks at each record and at its timers, keeps state by key and window, and
 * never holds anything itself, so one object serves all windows.
 */

import { checkCount } from "../checks.ts";
import { reducingState, type StateDescriptor } from "../state/state-descriptor.ts";
import type { AggregatingState } from "../state/state-kinds.ts";
import type { TimeDomain } from "../time/timer-queue.ts";
import { closingTime, type Window } from "./window.ts";

/** `FIRE` emits what the window has come to, `PURGE` drops its contents (S11.12). */
export type TriggerResult = "CONTINUE" | "FIRE" | "PURGE" | "FIRE_AND_PURGE";

export interface TriggerContext {
  readonly window: Window;
  /** By which time the window ends. */
  readonly windowTime: TimeDomain;
  readonly watermark: number;
  readonly processingTime: number;
  /** State of this window of this key. */
  state<S>(this: void, descriptor: StateDescriptor<S>): S;
  /** Forgets all that the trigger knows of the window; its timers stay. */
  clearState(this: void): void;
  registerEventTimeTimer(this: void, at: number): void;
  deleteEventTimeTimer(this: void, at: number): void;
  registerProcessingTimeTimer(this: void, at: number): void;
  deleteProcessingTimeTimer(this: void, at: number): void;
}

/** State of which two windows' can be made one: lists, and what is reduced or aggregated. */
export type MergingState = AggregatingState<never, unknown>;

export interface MergeContext extends TriggerContext {
  /** Adds what the merged windows had of it to this one's. */
  mergeState(this: void, descriptor: StateDescriptor<MergingState>): void;
}

export interface Trigger<T> {
  /** For the graph: `every 10s`. */
  readonly name: string;
  /** So it would never fire in a window without an end. */
  readonly firesOnlyAtTheEnd?: boolean;
  /** So it would never fire in a window of event time that has an end. */
  readonly firesOnlyAtTheEndOfInput?: boolean;
  onElement(element: { readonly value: T; readonly timestamp: number }, context: TriggerContext): TriggerResult;
  onEventTime(time: number, context: TriggerContext): TriggerResult;
  onProcessingTime(time: number, context: TriggerContext): TriggerResult;
  /** Windows became one: brings their state together, and sets the timers of the whole anew. Sessions need it. */
  onMerge?(context: MergeContext): void;
  /** The window goes; its timers and state go with it. For what a trigger has beside these. */
  clear?(context: TriggerContext): void;
}

/** Once, when the watermark passes the window's end, and again for each late record that is still allowed. */
export function eventTimeTrigger(): Trigger<unknown> {
  return EVENT_TIME;
}

/** One object, so that windows that fire so can be told from others. */
const EVENT_TIME: Trigger<unknown> = {
  name: "event time",
  firesOnlyAtTheEnd: true,
  onElement: (_, context) => fireOrWait(context),
  onEventTime: (time, { window }) => (time === closingTime(window, "event") ? "FIRE" : "CONTINUE"),
  onProcessingTime: () => "CONTINUE",
  onMerge: (context) => void fireOrWait(context),
};

/** Once, when processing time passes the window's end. */
export function processingTimeTrigger(): Trigger<unknown> {
  const wait = (context: TriggerContext): void =>
    context.registerProcessingTimeTimer(closingTime(context.window, "processing"));
  return {
    name: "processing time",
    firesOnlyAtTheEnd: true,
    onElement(_, context) {
      wait(context);
      return "CONTINUE";
    },
    onEventTime: () => "CONTINUE",
    onProcessingTime: (time, { window }) => (time === closingTime(window, "processing") ? "FIRE" : "CONTINUE"),
    onMerge: wait,
  };
}

/** The last whole millisecond: only the end of time is beyond it. */
const LAST_MILLISECOND = Number.MAX_SAFE_INTEGER;

/** Once, when event time comes to its end: for windows without an end, over input that has one. */
export function endOfInputTrigger(): Trigger<unknown> {
  const wait = (context: TriggerContext): void => context.registerEventTimeTimer(LAST_MILLISECOND);
  return {
    name: "at the end of input",
    firesOnlyAtTheEndOfInput: true,
    onElement(_, context) {
      wait(context);
      return "CONTINUE";
    },
    onEventTime: (time) => (time === LAST_MILLISECOND ? "FIRE" : "CONTINUE"),
    onProcessingTime: () => "CONTINUE",
    onMerge: wait,
  };
}

const count = reducingState<number>({ name: "count", reduce: (a, b) => a + b });

/** Each time that so many further records are in the window. UserError `bad-argument`. */
export function countTrigger(every: number): Trigger<unknown> {
  checkCount({ what: "the count of a trigger", value: every });
  return {
    name: `every ${every} records`,
    onElement(_, context) {
      const seen = context.state(count);
      seen.add(1);
      if (seen.get()! < every) return "CONTINUE";
      seen.clear();
      return "FIRE";
    },
    onEventTime: () => "CONTINUE",
    onProcessingTime: () => "CONTINUE",
    onMerge: (context) => context.mergeState(count),
  };
}

/** Fires as the other does, and each time drops what the window holds. */
export function purgingTrigger<T>(trigger: Trigger<T>): Trigger<T> {
  const purging = (result: TriggerResult): TriggerResult => (result === "FIRE" ? "FIRE_AND_PURGE" : result);
  return {
    name: `${trigger.name}, purging`,
    firesOnlyAtTheEnd: trigger.firesOnlyAtTheEnd ?? false,
    firesOnlyAtTheEndOfInput: trigger.firesOnlyAtTheEndOfInput ?? false,
    onElement: (element, context) => purging(trigger.onElement(element, context)),
    onEventTime: (time, context) => purging(trigger.onEventTime(time, context)),
    onProcessingTime: (time, context) => purging(trigger.onProcessingTime(time, context)),
    ...(trigger.onMerge === undefined ? {} : { onMerge: (context: MergeContext) => trigger.onMerge!(context) }),
    ...(trigger.clear === undefined ? {} : { clear: (context: TriggerContext) => trigger.clear!(context) }),
  };
}

function fireOrWait(context: TriggerContext): TriggerResult {
  const end = closingTime(context.window, "event");
  if (end <= context.watermark) return "FIRE";
  context.registerEventTimeTimer(end);
  return "CONTINUE";
}
