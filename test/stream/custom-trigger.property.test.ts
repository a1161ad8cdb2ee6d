/** Triggers of one's own, as tables of decisions, against a naive model that reads the same tables; fast-check prints the seed of what fails. */

import { describe, test } from "@jest/globals";
import fc from "fast-check";
import {
  globalWindows,
  reducingState,
  sessionWindows,
  slidingWindows,
  tumblingWindows,
  valueState,
  type TimeDomain,
  type Trigger,
  type TriggerContext,
  type TriggerResult,
  type Window,
} from "../../src/stream/index.ts";
import type { NaiveTrigger, NaiveWindow, Reading } from "./naive-windows.ts";
import { expectAlike, script, type Pair } from "./window-script.ts";

/** What a trigger does when it is told something. */
interface Decision {
  /** By whether what it remembers is even or odd. */
  readonly results: readonly [TriggerResult, TriggerResult];
  readonly timer: { readonly does: "set" | "delete"; readonly domain: TimeDomain; readonly after: number } | null;
  readonly state: "count" | "remember" | "forget" | "leave";
}

interface Table {
  /** By the record's value. */
  readonly element: readonly Decision[];
  /** By the last digit of its time. */
  readonly event: readonly Decision[];
  readonly processing: readonly Decision[];
  /** Its result counts for nothing. */
  readonly merge: Decision;
}

const result = fc.constantFrom<TriggerResult>("CONTINUE", "CONTINUE", "FIRE", "PURGE", "FIRE_AND_PURGE");
const decision: fc.Arbitrary<Decision> = fc.record({
  results: fc.tuple(result, result),
  timer: fc.option(
    fc.record({
      does: fc.constantFrom("set" as const, "set" as const, "delete" as const),
      domain: fc.constantFrom<TimeDomain>("event", "processing"),
      after: fc.integer({ min: 1, max: 12 }),
    }),
  ),
  state: fc.constantFrom("count" as const, "remember" as const, "forget" as const, "leave" as const),
});
const ten = fc.array(decision, { minLength: 10, maxLength: 10 });
const table: fc.Arbitrary<Table> = fc.record({ element: ten, event: ten, processing: ten, merge: decision });

const count = reducingState<number>({ name: "count", reduce: (a, b) => a + b });
const last = valueState<number>({ name: "last" });

function triggerOf(table: Table): Trigger<Reading> {
  const decide = (decision: Decision, context: TriggerContext, at: number): TriggerResult => {
    const { results, timer, state } = decision;
    const [counted, remembered] = [context.state(count), context.state(last)];
    if (state === "count") counted.add(1);
    if (state === "remember") remembered.update(at);
    if (state === "forget") for (const one of [counted, remembered]) one.clear();
    const base = timer?.domain === "event" ? at : context.processingTime;
    if (timer?.does === "set" && timer.domain === "event") context.registerEventTimeTimer(base + timer.after);
    if (timer?.does === "set" && timer.domain === "processing") context.registerProcessingTimeTimer(base + timer.after);
    if (timer?.does === "delete" && timer.domain === "event") context.deleteEventTimeTimer(base + timer.after);
    if (timer?.does === "delete" && timer.domain === "processing")
      context.deleteProcessingTimeTimer(base + timer.after);
    return results[((counted.get() ?? 0) + (remembered.value() ?? 0)) % 2]!;
  };
  return {
    name: "by a table",
    onElement: ({ value, timestamp }, context) => decide(table.element[value.value]!, context, timestamp),
    onEventTime: (at, context) => decide(table.event[at % 10]!, context, at),
    onProcessingTime: (at, context) => decide(table.processing[at % 10]!, context, at),
    onMerge(context) {
      context.mergeState(count);
      decide(table.merge, context, context.window.end);
    },
  };
}

interface Memory {
  count: number;
  last: number | null;
}

function naiveOf(table: Table): NaiveTrigger<Memory> {
  const decide = (
    { results, timer, state }: Decision,
    window: NaiveWindow<Memory>,
    { at, processingTime }: { at: number; processingTime: number },
  ): TriggerResult => {
    const { memory, timers, dueAt } = window;
    if (state === "count") memory.count++;
    if (state === "remember") memory.last = at;
    if (state === "forget") [memory.count, memory.last] = [0, null];
    if (timer !== null) {
      const time = (timer.domain === "event" ? at : processingTime) + timer.after;
      if (timer.does === "set") timers[timer.domain].add(time);
      else if (timer.domain !== window.time || time !== dueAt) timers[timer.domain].delete(time);
    }
    return results[(memory.count + (memory.last ?? 0)) % 2]!;
  };
  return {
    fresh: () => ({ count: 0, last: null }),
    onElement: ({ at, value }, window, { processingTime }) =>
      decide(table.element[value]!, window, { at, processingTime }),
    onTime: ({ domain, at }, window, { processingTime }) =>
      decide(table[domain][at % 10]!, window, { at, processingTime }),
    onMerge(window, merged, { processingTime }) {
      for (const { memory } of merged) window.memory.count += memory.count;
      decide(table.merge, window, { at: window.end, processingTime });
    },
  };
}

const alignedTo = (size: number) => (at: number) => {
  const start = Math.floor(at / size) * size;
  return [{ start, end: start + size }];
};

/** The latest first. */
const slidingTo =
  (size: number, every: number) =>
  (at: number): Window[] =>
    Array.from({ length: Math.ceil(size / every) }, (_, i) => Math.floor(at / every) * every - i * every)
      .filter((start) => start + size > at)
      .map((start) => ({ start, end: start + size }));

const sessionsOf =
  (gap: number) =>
  (at: number): Window[] => [{ start: at, end: at + gap }];

const endless = (): Window[] => [{ start: -Infinity, end: Infinity }];

// S11.26
describe("what a table decides is what a trigger does", () => {
  test.each<[where: string, pair: (table: Table, ms: number) => Pair<Memory>]>([
    [
      "in tumbling windows of event time",
      (table, lateness) => ({
        assigner: tumblingWindows({ size: 10 }),
        windowed: (windows) => windows.trigger(triggerOf(table)).allowedLateness(lateness),
        naive: { time: "event", windowsOf: alignedTo(10), trigger: naiveOf(table), lateness },
      }),
    ],
    [
      "in tumbling windows of processing time",
      (table) => ({
        assigner: tumblingWindows({ size: 10, time: "processing" }),
        windowed: (windows) => windows.trigger(triggerOf(table)),
        naive: { time: "processing", windowsOf: alignedTo(10), trigger: naiveOf(table) },
      }),
    ],
    [
      "in sliding windows",
      (table, lateness) => ({
        assigner: slidingWindows({ size: 12, every: 5 }),
        windowed: (windows) => windows.trigger(triggerOf(table)).allowedLateness(lateness),
        naive: { time: "event", windowsOf: slidingTo(12, 5), trigger: naiveOf(table), lateness },
      }),
    ],
    [
      "in sessions, which become one",
      (table, lateness) => ({
        assigner: sessionWindows({ gap: 6 }),
        windowed: (windows) => windows.trigger(triggerOf(table)).allowedLateness(lateness),
        naive: { time: "event", windowsOf: sessionsOf(6), trigger: naiveOf(table), merges: true, lateness },
      }),
    ],
    [
      "in sessions of processing time",
      (table) => ({
        assigner: sessionWindows({ gap: 6, time: "processing" }),
        windowed: (windows) => windows.trigger(triggerOf(table)),
        naive: { time: "processing", windowsOf: sessionsOf(6), trigger: naiveOf(table), merges: true },
      }),
    ],
    [
      "in windows without an end, which records or either time may fire",
      (table) => ({
        assigner: globalWindows(),
        windowed: (windows) => windows.trigger(triggerOf(table)),
        naive: { time: "event", windowsOf: endless, trigger: naiveOf(table) },
      }),
    ],
    [
      "in those that go when no record has come for long", // S11.28
      (table, ms) => ({
        assigner: globalWindows(),
        windowed: (windows) => windows.trigger(triggerOf(table)).timeToLive(ms + 1),
        naive: { time: "event", windowsOf: endless, trigger: naiveOf(table), timeToLive: ms + 1 },
      }),
    ],
    [
      "in those of them that go by processing time",
      (table, ms) => ({
        assigner: globalWindows({ time: "processing" }),
        windowed: (windows) => windows.trigger(triggerOf(table)).timeToLive(ms + 1),
        naive: { time: "processing", windowsOf: endless, trigger: naiveOf(table), timeToLive: ms + 1 },
      }),
    ],
  ])("%s", (_, pair) => {
    fc.assert(
      fc.property(table, fc.nat(15), script, (table, ms, steps) => expectAlike(pair(table, ms), steps)),
      { numRuns: 150 },
    );
  });
});
