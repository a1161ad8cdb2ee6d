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
} from "../../src/stream/index.ts";
import { randomWorld } from "../support/window-oracle/generate.ts";
import { windowOracle } from "../support/window-oracle/oracle.ts";
import { windowText, worldText } from "../support/window-oracle/show.ts";
import type { Assigner, WindowRule, World } from "../support/window-oracle/world.ts";

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const WORLDS = Number(process.env["TRIPLINE_WORLDS"] ?? 400);

interface Item {
  readonly item: number;
  readonly key: string | number | null;
}

interface Seen {
  /** By key and window, what each firing saw, and during which item of the stream. */
  readonly firings: Readonly<Record<string, readonly string[]>>;
  readonly late: readonly number[];
}

test(`${WORLDS} worlds from seed ${SEED} on`, () => {
  for (let seed = SEED; seed < SEED + WORLDS; seed++) {
    const world = randomWorld(seed);
    const [found, expected] = [library(world), oracle(world)];
    if (isDeepStrictEqual(found, expected)) continue;
    const told = `seed ${seed}\n${worldText(world)}`;
    expect({ told, ...found }).toEqual({ told, ...expected });
  }
});

function oracle(world: World): Seen {
  const { firings, late } = windowOracle(world);
  const seen: Record<string, string[]> = {};
  for (const { key, start, end, events, during } of firings) {
    (seen[windowText({ key, start, end })] ??= []).push(`${during}: ${events.join(" ")}`);
  }
  return { firings: seen, late };
}

function library({ rule, boundMs, stream }: World): Seen {
  const env = new StreamEnvironment();
  const lateTag = outputTag<Item>("late");
  const source = env.source<Item>("items", { watermarks: boundedOutOfOrderness(boundMs) });
  const { assigner, trigger, evictor } = windowingOf(rule);
  const keyed = source
    .inEventTime()
    .filter(({ key }) => key !== null)
    .keyBy(({ key }) => key);
  const plain = keyed.window(assigner).trigger(trigger).allowedLateness(rule.latenessMs).sideOutputLateData(lateTag);
  const windows = evictor === null ? plain : plain.evictor(evictor);
  const firings: Record<string, string[]> = {};
  const late: number[] = [];
  let during = 0;
  const results = windows.process<never>(() => ({
    process(elements, { key, window: { start, end } }) {
      const events = elements.map(({ item }) => item).join(" ");
      (firings[windowText({ key, start, end })] ??= []).push(`${during}: ${events}`);
    },
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

function windowingOf(rule: WindowRule) {
  const { assigner, purging } = rule;
  const trigger = triggerOf(rule);
  const isPurging = purging || (assigner.kind === "count" && assigner.every === null);
  return {
    assigner: assignerOf(assigner),
    trigger: isPurging ? purgingTrigger(trigger) : trigger,
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
      return calendarDays({ zone: assigner.timeZone });
    case "count":
    case "global":
      return globalWindows();
    default:
      return unreachable(assigner);
  }
}

function triggerOf({ assigner, trigger }: WindowRule): Trigger<unknown> {
  if (assigner.kind === "count") return countTrigger(assigner.every ?? assigner.size);
  switch (trigger.kind) {
    case "onClose":
      return eventTimeTrigger();
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
