import { expect, test } from "@jest/globals";
import { createLogger } from "../../src/app/logger.ts";
import { startUpkeep } from "../../src/app/upkeep.ts";
import { limits } from "../../src/core/limits.ts";
import { memoryStores } from "../../src/store/memory.ts";

test("an Idempotency-Key is forgotten a day after it was last used", async () => {
  const clock = { now: () => 10 * limits.requestKeysKeptMs };
  const { log, requestKeys } = memoryStores(clock);
  const key = (name: string): { token: string; stream: string; key: string } => ({ token: "", stream: "s", key: name });
  const taken = (name: string, ageMs: number) => ({
    ...key(name),
    lines: 1,
    digest: "",
    answer: null,
    takenAt: clock.now() - ageMs,
  });
  await log.append([], [taken("old", limits.requestKeysKeptMs + 1), taken("new", limits.requestKeysKeptMs)]);
  const end = startUpkeep({ requestKeys, clock, log: createLogger("silent") });
  await end();
  expect(await requestKeys.find(key("old"))).toBeNull();
  expect(await requestKeys.find(key("new"))).not.toBeNull();
});
