/**
 * Whatever dies, each alert comes out once, as if nothing had been (S9.3, S9.18, S9.19, S9.20, S9.21, S9.23): worlds from seeds, in
 * short what `npm run simulate` does at length. `TRIPLINE_SEED` and `TRIPLINE_SEEDS` take others.
 */

import { describe, expect, test } from "@jest/globals";
import { simulate } from "./recovery/simulation.ts";
import { Tally } from "./recovery/tally.ts";

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const SEEDS = Number(process.env["TRIPLINE_SEEDS"] ?? 120);
const AT_ONCE = 40;
/** Of requests. */
const SHORT = 7;

describe("a service that dies between any two things that come to it", () => {
  const tally = new Tally();

  test.each(Array.from({ length: Math.ceil(SEEDS / AT_ONCE) }, (_, i) => SEED + i * AT_ONCE))(
    "seeds from %d on",
    async (first) => {
      for (let seed = first; seed < Math.min(first + AT_ONCE, SEED + SEEDS); seed++) {
        const { expected, found } = await simulate({ seed, tally });
        expect({ seed, ...found }).toEqual({ seed, ...expected });
      }
    },
    120_000,
  );

  test("is one world to a seed", async () => {
    const [first, second] = [new Tally({ traces: true }), new Tally({ traces: true })];
    for (const tally of [first, second]) await simulate({ seed: SEED, tally });
    expect(second.traced).toEqual(first.traced);
  });

  test("may die at every step of its first life", async () => {
    const world = { seed: SEED, tally: new Tally(), length: SHORT };
    const { steps } = await simulate({ ...world, endsAt: Infinity });
    for (let endsAt = 1; endsAt <= steps; endsAt++) {
      const { expected, found } = await simulate({ ...world, endsAt });
      expect({ endsAt, ...found }).toEqual({ endsAt, ...expected });
    }
  });

  test("had all that there is to get over", () => {
    expect(NEEDED.filter((what) => tally.of(what) === 0)).toEqual([]);
  });
});

/** What proves nothing where it is never there. */
const NEEDED = [
  ...["match", "timeout", "window", "late event", "match, held", "window, after held ones"].map(
    (kind) => `alert: ${kind}`,
  ),
  "checkpoint torn",
  "closed in order",
  "died: before log.append",
  "died: after log.append",
  "died: before alerts.write",
  "died: after alerts.write",
  "died: checkpoints.chunk",
  "died: after checkpoints.save",
  "died: log.read",
  "failed: log.append",
  "failed: alerts.write",
  "failed: checkpoints.save",
  "failed: sink.recover",
  "failed: shard",
  "key: all was taken",
  "key: goes on in the middle",
  "lives of several workers",
  "log trimmed",
  "told: a checkpoint cannot be used; the one before it is tried",
  "told: a record on which the engine fails again and again is set aside",
  "told: a savepoint has been restored",
  "told: the alert sink is back",
  "told: going on from a checkpoint",
  "told: the engine failed; it begins again at the last checkpoint",
];
