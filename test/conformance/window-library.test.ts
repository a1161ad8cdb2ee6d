/**
 * The stream library's windows against the window oracle, over small random worlds. `TRIPLINE_SEED` and `TRIPLINE_WORLDS`
 * widen the search; the seed of a world that fails is its name.
 */

import { isDeepStrictEqual } from "node:util";
import { expect, test } from "@jest/globals";
import { unreachable } from "../../src/core/assert.ts";
import {
  boundedOutOfOrderness,
  calendarDays,
  continuousEventTimeTrigger,
  countEvictor,
  countTrigger,
  eventTimeTrigger,
  globalWindows,
  outputTag,
  purgingTrigger,
  sessionWindows,
  slidingWindows,
  StreamEnvironment,
  timeEvictor,
  tumblingWindows,
  type Evictor,
  type Trigger,
  type WindowAssigner,
  type WindowContext,
} from "../../src/stream/index.ts";
import { randomWorld } from "../support/window-oracle/generate.ts";
import { windowOracle } from "../support/window-oracle/oracle.ts";
import { windowText, worldText } from "../support/window-oracle/show.ts";
import type { Assigner, WindowRule, World } from "../support/window-oracle/world.ts";

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const WORLDS = Number(process.env["TRIPLINE_WORLDS"] ?? 300);

interface Item {
  readonly item: number;
  readonly key: string | number | null;
}

interface Seen {
  /** By key and window, what each firing saw, and during which item of the stream. */
  readonly firings: Readonly<Record<string, readonly string[]>>;
  readonly late: readonly number[];
}

test.each(["its events", "an accumulator"] as const)(
  `a window holds %s: ${WORLDS} worlds from seed ${SEED} on`,
  (holds) => {
    for (let seed = SEED; seed < SEED + WORLDS; seed++) {
      const world = randomWorld(seed);
      const [found, expected] = [library(world, holds), oracle(world)];
      if (isDeepStrictEqual(found, expected)) continue;
      const told = `seed ${seed}\n${worldText(world)}`;
      expect({ told, ...found }).toEqual({ told, ...expected });
    }
  },
);

function oracle(world: World): Seen {
  const { firings, late } = windowOracle(world);
  const seen: Record<string, string[]> = {};
  for (const { key, start, end, events, during } of firings) {
    (seen[windowText({ key, start, end })] ??= []).push(`${during}: ${inOrder(events)}`);
  }
  return { firings: seen, late };
}

/** Panes and sessions bring events together that did not come one after the other. */
function inOrder(items: readonly number[]): string {
  return items.toSorted((a, b) => a - b).join(" ");
}

function library({ rule, boundMs, stream }: World, holds: "its events" | "an accumulator"): Seen {
  const env = new StreamEnvironment();
  const lateTag = outputTag<Item>("late");
  const source = env.source<Item>("items", { watermarks: boundedOutOfOrderness(boundMs) });
  const { assigner, trigger, evictor } = windowingOf(rule);
  const keyed = source
    .inEventTime()
    .filter(({ key }) => key !== null)
    .keyBy(({ key }) => key);
  const plain = keyed.window(assigner).allowedLateness(rule.latenessMs).sideOutputLateData(lateTag);
  const triggered = trigger === null ? plain : plain.trigger(trigger);
  const windows = evictor === null ? triggered : triggered.evictor(evictor);
  const firings: Record<string, string[]> = {};
  const late: number[] = [];
  let during = 0;
  const fired = (items: readonly number[], { key, window }: WindowContext<string | number | null, never>): void =>
    void (firings[windowText({ key, ...window })] ??= []).push(`${during}: ${inOrder(items)}`);
  const results =
    holds === "its events"
      ? windows.process<never>(() => ({
          process: (elements, context) =>
            fired(
              elements.map(({ item }) => item),
              context,
            ),
        }))
      : windows.aggregate<readonly number[], readonly number[], never>(ITEMS, () => ({
          process: ([items], context) => fired(items!, context),
        }));
  results.sideOutput(lateTag).sinkTo(({ item }) => void late.push(item));
  const task = env.createTask();
  for (const [item, what] of stream.entries()) {
    during = item;
    if (what.kind === "watermark") {
      if (what.time === "end") task.end();
      else task.input(source).advanceWatermark(what.time);
    } else task.push(source, { item, key: what.key }, what.time);
  }
  return { firings, late };
}

const ITEMS = {
  createAccumulator: (): readonly number[] => [],
  add: ({ item }: Item, items: readonly number[]) => [...items, item],
  getResult: (items: readonly number[]) => items,
  merge: (a: readonly number[], b: readonly number[]) => [...a, ...b],
};

function windowingOf(rule: WindowRule) {
  const { assigner, purging } = rule;
  const trigger = triggerOf(rule);
  const isPurging = purging || (assigner.kind === "count" && assigner.every === null);
  return {
    assigner: assignerOf(assigner),
    trigger: isPurging && trigger !== null ? purgingTrigger(trigger) : trigger,
    evictor: evictorOf(rule),
  };
}

function evictorOf({ assigner, keep }: WindowRule): Evictor<Item> | null {
  if (assigner.kind === "count" && assigner.every !== null) return countEvictor(assigner.size);
  if (keep === null) return null;
  return keep.kind === "count" ? countEvictor(keep.count) : timeEvictor(keep.ms);
}

function assignerOf(assigner: Assigner): WindowAssigner<unknown> {
  switch (assigner.kind) {
    case "tumbling":
      return tumblingWindows({ size: assigner.sizeMs, offset: assigner.offsetMs });
    case "sliding":
      return slidingWindows({ size: assigner.sizeMs, every: assigner.everyMs, offset: assigner.offsetMs });
    case "session":
      return sessionWindows({ gap: assigner.gapMs });
    case "calendarDays":
      return calendarDays({ zone: assigner.timeZone, days: assigner.days });
    case "count":
    case "global":
      return globalWindows();
    default:
      return unreachable(assigner);
  }
}

/** Null for the assigner's own. */
function triggerOf({ assigner, trigger, purging }: WindowRule): Trigger<unknown> | null {
  if (assigner.kind === "count") return countTrigger(assigner.every ?? assigner.size);
  switch (trigger.kind) {
    case "onClose":
      return purging ? eventTimeTrigger() : null;
    case "everyTime":
      return continuousEventTimeTrigger(trigger.ms);
    case "everyCount":
      return countTrigger(trigger.count);
    case "onEvent":
      return countTrigger(1);
    default:
      return unreachable(trigger);
  }
}
