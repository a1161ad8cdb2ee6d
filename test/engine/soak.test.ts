/**
 * Keys that come and go, and nothing of them stays. `TRIPLINE_SOAK_KEYS=1000000` for a million of them.
 */

import { expect, test } from "@jest/globals";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createEngine, type TriplineEngine } from "../../src/index.ts";

const KEYS = Number(process.env["TRIPLINE_SOAK_KEYS"] ?? 50_000);
const MIB = 1024 * 1024;

/** Matches, absences, timeouts, suppression and identities, all of them over in a second of event time. */
const RULES = `
  stream s { time at  id id  dedupe 1s }
  rule pair {
    from s  key by k
    pattern { begin a where t == "a"  followedBy b where t == "b"  within 1s }
    on timeout emit { lost = true }
    suppress 1s
  }
  rule absent { from s  key by k  pattern { begin a where t == "a"  notFollowedBy b where t == "b"  within 1s } }
  rule single { from s  key by k  pattern { begin b where t == "b" }  suppress 1s }
  rule strict { from s  key by k  pattern { begin a where t == "a"  next b where t == "b" } }`;

/** So many keys live at once. */
const ALIVE = 500;
const BEGINNING = 1_700_000_000_000;

/** Step by step a key begins with `a`, and an earlier one ends: every other one with `b`. Gives the number of alerts. */
function step(engine: TriplineEngine, key: number): number {
  const at = BEGINNING + key;
  const begins = key < KEYS ? engine.push("s", { at, id: `a${key}`, k: `key ${key}`, t: "a" }) : [];
  const ending = key - ALIVE;
  const t = ending % 2 === 0 ? "b" : "x";
  const ends = ending >= 0 ? engine.push("s", { at, id: `b${ending}`, k: `key ${ending}`, t }) : [];
  return begins.length + ends.length;
}

function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

test(`${KEYS} keys that come and go leave nothing behind`, () => {
  const engine = createEngine({ rules: RULES });
  const heaps: number[] = [];
  let alerts = 0;
  for (let key = 0; key < KEYS + ALIVE; key++) {
    alerts += step(engine, key);
    if (key % (KEYS / 5) === KEYS / 10) heaps.push(heapUsed());
  }
  alerts += engine.watermark("s", BEGINNING + KEYS + 10_000).length;
  expect(alerts).toBe(2.5 * KEYS); // one key its pair, single and strict pair, the next its timeout and absence
  expect(Math.max(...heaps) - heaps[0]!).toBeLessThan(4 * MIB);

  const { job, suppression, streams } = engine.snapshot();
  expect(Object.values(job!.operators).flatMap(({ keyGroups = {} }) => Object.keys(keyGroups))).toEqual([]);
  const remembered = suppression.flatMap(([, { sent, held }]) => [...sent, ...held]);
  expect(remembered.length).toBeLessThan(10 * ALIVE);
  expect(streams[0]!.door!.identities.length).toBeLessThan(20_000); // tidied in leaps
});
