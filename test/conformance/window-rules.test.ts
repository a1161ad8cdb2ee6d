/**
 * Window rules against the window oracle, over small random worlds, through rule text and the library's engine: when they
 * fire, over which window, and what their aggregates come to. `TRIPLINE_SEED` and `TRIPLINE_WORLDS` widen the search.
 */

import { isDeepStrictEqual } from "node:util";
import { expect, test } from "@jest/globals";
import { createEngine, type Alert, type EngineSnapshot, type Output, type TriplineEngine } from "../../src/index.ts";
import { randomWorld } from "../support/window-oracle/generate.ts";
import { windowOracle } from "../support/window-oracle/oracle.ts";
import { ruleTextOf } from "../support/window-oracle/rule-text.ts";
import { windowText, worldText } from "../support/window-oracle/show.ts";
import type { StreamItem, World } from "../support/window-oracle/world.ts";

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const WORLDS = Number(process.env["TRIPLINE_WORLDS"] ?? 200);

interface Seen {
  readonly alerts: readonly Told[];
  /** Items of the stream. */
  readonly late: readonly number[];
}

interface Told {
  readonly window: string;
  /** The item of the stream that brought it about. */
  readonly during: number;
  readonly firing: number;
  readonly at: number;
  readonly firstEventAt: number;
  readonly lastEventAt: number;
  readonly values: readonly unknown[];
}

test.each([
  ["in one go", Infinity],
  ["restored from its snapshot before every fourth record", 4],
])(`${WORLDS} worlds from seed ${SEED} on, %s`, (_, cutEvery) => {
  for (let seed = SEED; seed < SEED + WORLDS; seed++) {
    const world = randomWorld(seed);
    const [found, expected] = [engine(world, cutEvery), oracle(world)];
    if (isDeepStrictEqual(found, expected)) continue;
    const told = `seed ${seed}\n${ruleTextOf(world)}\n${worldText(world)}`;
    expect({ told, ...found }).toEqual({ told, ...expected });
  }
});

function oracle(world: World): Seen {
  const { firings, late } = windowOracle(world);
  // What comes of one record comes in the order of time, then of keys (S7.2).
  const inOrder = firings.toSorted(
    (a, b) => a.during - b.during || a.at - b.at || compareText(JSON.stringify(a.key), JSON.stringify(b.key)),
  );
  const alerts = inOrder
    .filter(({ holds }) => holds)
    .map(({ during, number, at, isOver, events, values, ...window }): Told => {
      const times = events.map((item) => (world.stream[item] as { readonly time: number }).time);
      return {
        window: windowText(window),
        during,
        firing: number,
        at: isOver ? window.end : at,
        firstEventAt: Math.min(...times),
        lastEventAt: Math.max(...times),
        values: values.map(rounded),
      };
    });
  return { alerts, late };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function engine(world: World, cutEvery: number): Seen {
  const rules = ruleTextOf(world);
  let engine = createEngine({ rules });
  const alerts: Told[] = [];
  const late: number[] = [];
  for (const [during, item] of world.stream.entries()) {
    if (during % cutEvery === cutEvery - 1) {
      engine = createEngine({ rules, snapshot: JSON.parse(JSON.stringify(engine.snapshot())) as EngineSnapshot });
    }
    for (const output of perform(engine, item)) {
      if (output.kind === "late") late.push(output.offset);
      else alerts.push(toldBy(output.alert, during));
    }
  }
  return { alerts, late };
}

/** Every item is one record, so a record's offset is its index. */
function perform(engine: TriplineEngine, item: StreamItem): Output[] {
  return item.kind === "watermark"
    ? engine.watermark("s", item.time)
    : engine.push("s", { at: item.time, key: item.key, ...item.data });
}

function windowOf({ key, window }: Alert): string {
  const { start, end } = window!;
  return windowText({
    key: key as string | number,
    start: start === null ? -Infinity : Date.parse(start),
    end: end === null ? Infinity : Date.parse(end),
  });
}

function toldBy(alert: Alert, during: number): Told {
  const { window, at, firstEventAt, lastEventAt, emit } = alert;
  return {
    window: windowOf(alert),
    during,
    firing: window!.firing,
    at: Date.parse(at),
    firstEventAt: Date.parse(firstEventAt!),
    lastEventAt: Date.parse(lastEventAt!),
    values: Object.values(emit).map(rounded),
  };
}

/** Sums and deviations may differ in their last digits (S10.8). */
function rounded(value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(12)) : value;
}
