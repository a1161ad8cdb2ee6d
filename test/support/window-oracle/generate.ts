/** Small worlds from a seed: a window rule of any kind, and a stream that is out of order, late, and silent now and then. */

import { Random } from "../oracle/random.ts";
import type { Aggregate, Assigner, Keep, StreamItem, Trigger, WindowRule, World } from "./world.ts";

const ZONES = ["Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];
const DAY_MS = 86_400_000;
/** A day on which the clocks of Europe change, and those of New York have not long before. */
const CHANGE_OF_CLOCKS = Date.UTC(2026, 2, 29);
const PERCENTS = [0, 25, 50, 90, 99.9, 100];

const AGGREGATES: readonly Aggregate[] = [
  { name: "count", field: null },
  { name: "count", field: "n" },
  { name: "sum", field: "n" },
  { name: "avg", field: "n" },
  { name: "min", field: "n" },
  { name: "max", field: "n" },
  { name: "stddev", field: "n" },
  { name: "count_distinct", field: "c" },
  { name: "distinct", field: "c" },
  { name: "first", field: "n" },
  { name: "last", field: "c" },
  { name: "list", field: "n" },
  ...PERCENTS.map((percent): Aggregate => ({ name: "percentile", field: "n", percent })),
];

export function randomWorld(seed: number): World {
  const random = new Random(seed);
  const assigner = randomAssigner(random);
  // Calendar days need days; other windows are small, and so is the time that goes by.
  const unit = assigner.kind === "calendarDays" ? DAY_MS / 8 : 1;
  const rule = randomRule(random, { assigner, unit });
  const boundMs = random.pick([0, 0, 2, 5]) * unit;
  return { rule, boundMs, stream: randomStream(random, { unit, boundMs }) };
}

function randomAssigner(random: Random): Assigner {
  switch (random.pick(["tumbling", "sliding", "session", "count", "global", "calendarDays"] as const)) {
    case "tumbling": {
      const sizeMs = random.between(1, 20);
      return { kind: "tumbling", sizeMs, offsetMs: random.chance(0.3) ? random.between(0, sizeMs - 1) : 0 };
    }
    case "sliding": {
      const sizeMs = random.between(2, 20);
      const everyMs = random.between(1, sizeMs);
      return { kind: "sliding", sizeMs, everyMs, offsetMs: random.chance(0.3) ? random.between(0, everyMs - 1) : 0 };
    }
    case "session":
      return { kind: "session", gapMs: random.between(1, 8) };
    case "count": {
      const size = random.between(1, 5);
      return { kind: "count", size, every: random.chance(0.5) ? null : random.between(1, size) };
    }
    case "global":
      return { kind: "global" };
    case "calendarDays":
      return { kind: "calendarDays", days: random.pick([1, 1, 2, 7]), timeZone: random.pick(ZONES) };
  }
}

function randomRule(random: Random, { assigner, unit }: { assigner: Assigner; unit: number }): WindowRule {
  const aggregates = AGGREGATES.filter((_, i) => i === 0 || random.chance(0.3));
  const having = random.chance(0.4) ? { aggregate: 0, atLeast: random.between(1, 4) } : null;
  if (assigner.kind === "count") {
    return { assigner, latenessMs: 0, trigger: { kind: "onClose" }, purging: false, keep: null, aggregates, having };
  }
  return {
    assigner,
    latenessMs: assigner.kind !== "global" && random.chance(0.5) ? random.between(1, 10) * unit : 0,
    trigger: randomTrigger(random, { mayClose: assigner.kind !== "global", unit }),
    purging: random.chance(0.25),
    keep: random.chance(0.25) ? randomKeep(random, unit) : null,
    aggregates,
    having,
  };
}

function randomTrigger(random: Random, { mayClose, unit }: { mayClose: boolean; unit: number }): Trigger {
  switch (random.pick(mayClose ? ["onClose", "onClose", "time", "count", "event"] : ["time", "count", "event"])) {
    case "time":
      return { kind: "everyTime", ms: random.between(2, 9) * unit };
    case "count":
      return { kind: "everyCount", count: random.between(1, 4) };
    case "event":
      return { kind: "onEvent" };
    default:
      return { kind: "onClose" };
  }
}

function randomKeep(random: Random, unit: number): Keep {
  return random.chance(0.5)
    ? { kind: "count", count: random.between(1, 4) }
    : { kind: "time", ms: random.between(1, 8) * unit };
}

function randomStream(random: Random, { unit, boundMs }: { unit: number; boundMs: number }): StreamItem[] {
  const beginning = unit === 1 ? random.between(-20, 5) : CHANGE_OF_CLOCKS - 2 * DAY_MS;
  const keys = random.chance(0.3) ? ["a"] : ["a", "b", "b", 1];
  let newest = beginning;
  const items = Array.from({ length: random.between(5, 35) }, (): StreamItem => {
    newest += random.pick([0, 0, 1, 1, 2, 3, 9]) * unit;
    if (random.chance(0.06)) {
      const time = newest - random.between(0, 2) * unit;
      return { kind: "watermark", time };
    }
    const behind = random.chance(0.15) ? random.between(0, 25) * unit : random.between(0, boundMs + unit);
    return {
      kind: "event",
      time: random.chance(0.5) ? newest : newest - behind,
      key: random.chance(0.04) ? null : random.pick(keys),
      data: { n: random.pick([1, 1, 2, 3, 5, 8, -4, null, "x"]), c: random.pick(["p", "q", "r", null]) },
    };
  });
  return random.chance(0.6) ? [...items, { kind: "watermark", time: "end" }] : items;
}
