/**
 * Keyed work in any number of shards gives what one engine gives, ids, order and suppression included (S7.2, S9.22), and goes on from what
 * any other number has become (S11.21). Seeds are in the names; `TRIPLINE_SEED` takes others.
 */

import { describe, expect, test } from "@jest/globals";
import { runOfOne, ShardTeam } from "../support/sharded-log.ts";

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const SEEDS = Array.from({ length: Number(process.env["TRIPLINE_LOGS"] ?? 4) }, (_, i) => SEED + i);
const COUNTS = [1, 2, 3, 5];

describe.each(SEEDS)("seed %d", (seed) => {
  const { records, outputs, snapshots } = runOfOne(seed, 250);

  test.each(COUNTS)("%d shards together say what one engine says, record by record", (count) => {
    const team = new ShardTeam(count);
    expect(records.map((record) => team.apply(record))).toEqual(outputs);
    expect(team.snapshot(records.length)).toEqual(snapshots.at(-1));
  });

  test("goes on from a snapshot of another number of shards, again and again", () => {
    let team = new ShardTeam(1);
    const taken: [at: number, snapshot: unknown][] = [];
    const cut = records.map((record, i) => {
      const found = team.apply(record);
      if (i % 17 === 16) {
        const snapshot = team.snapshot(i + 1);
        taken.push([i, snapshot]);
        team = new ShardTeam(COUNTS[Math.floor(i / 17) % COUNTS.length]!, snapshot);
      }
      return found;
    });
    expect(cut).toEqual(outputs);
    expect(taken).toEqual(taken.map(([at]) => [at, snapshots[at]]));
  });
});

test("the logs have alerts of every kind, held ones and late events among them", () => {
  const kinds = new Set<string>();
  for (const seed of SEEDS) {
    for (const output of runOfOne(seed, 250).outputs.flat()) {
      if (output.kind === "late") kinds.add("late");
      else
        for (const kind of [output.alert.kind, output.alert.suppressedBy === null ? "sent" : "held"]) kinds.add(kind);
    }
  }
  expect([...kinds].sort()).toEqual(["held", "late", "limit", "match", "sent", "timeout", "window"]);
});
