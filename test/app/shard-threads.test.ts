/** Keyed work on real worker threads, from the sources: what they do together, and what becomes of it when one dies. */

import { expect, test } from "@jest/globals";
import type { ResourceLimits } from "node:worker_threads";
import { openShardThread } from "../../src/app/shard-threads.ts";
import type { ShardOptions } from "../../src/engine/shards/shard-team.ts";
import { eventually } from "../support/eventually.ts";
import { alertsOf, event, newStores, open, RULES } from "../support/pair-service.ts";

const entry = new URL("../support/shard-thread.mjs", import.meta.url);

/** `limits`: of the threads that are opened, one after the other. */
function threads(count: number, limits: ResourceLimits[] = []): ShardOptions {
  return { count, open: (work) => openShardThread(work, { entry, resourceLimits: limits.shift() ?? {} }) };
}

test("a checkpoint of two threads, one thread goes on from it, and three from that (S9.22)", async () => {
  const stores = newStores();
  const two = await open({ stores, shards: threads(2) });
  await two.service.ingest("s", [event("a1@1"), event("a2@1"), event("a3@1")]);
  expect(await two.service.savepoints!.takeCheckpoint()).toMatchObject({ offset: 4 });
  await two.service.ingest("s", [event("b1@2")]);
  await two.service.close();
  const one = await open({ stores, rules: "" });
  await one.service.ingest("s", [event("b2@3")]);
  await one.service.savepoints!.takeCheckpoint();
  const three = await open({ stores, rules: "", shards: threads(3) });
  expect(three.service.rule("pair")).toMatchObject({ counts: { events: 5, keys: 1, partialMatches: 1 } });
  expect(await three.service.keyState("pair", "3")).toEqual(await one.service.keyState("pair", "3"));
  await three.service.ingest("s", [event("b3@4")]);
  expect(await alertsOf(three)).toEqual(["1@2", "2@3", "3@4"]);
  await three.service.close();
});

test.each([
  ["ends", "process.exit(3)", "its thread ended (3)"],
  ["throws", "throw new Error('no such thing')", "no such thing"],
])("a thread that %s is told of by whoever asks it, and at once", async (_, program, message) => {
  const ends = new URL(`data:text/javascript,${program}`);
  const channel = await openShardThread({ index: 0, count: 2, start: null }, { entry: ends });
  await expect(channel.ask({ kind: "figures" })).rejects.toThrow(message);
  expect(((await channel.lost) as Error).message).toContain(message);
  await expect(channel.ask({ kind: "figures" })).rejects.toThrow(message);
  await channel.close();
});

test("a thread that runs out of memory: the engine begins again at the last checkpoint (S9.21)", async () => {
  const small = { maxOldGenerationSizeMb: 32 };
  const restarts = { kind: "fixedDelay", attempts: 1, delayMs: 0 } as const;
  const opened = await open({ restarts, shards: threads(2, [small, small]), rules: "" });
  const { service, time } = opened;
  await service.putRules(RULES.replace('"a"', '"a" oneOrMore'));
  await service.ingest("s", [event("a1@1")]);
  await service.savepoints!.takeCheckpoint();
  for (let i = 2; i < 60; i++) await service.ingest("s", [{ ...event(`a1@${i}`), text: "x".repeat(1_000_000) }]);
  await eventually(async () => {
    await time.goTo(time.now() + 1);
    return service.status().restarts === 1 && !service.status().replaying;
  });
  expect(opened.notices.told).toContain("the engine failed; it begins again at the last checkpoint");
  await service.ingest("s", [event("b1@99")]);
  await eventually(async () => (await alertsOf(opened)).includes("1@99"));
  await service.close();
  expect(opened.failures).toEqual([]);
});
