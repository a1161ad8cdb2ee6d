/** Since when time has not moved. */

import { expect, test } from "@jest/globals";
import { TimeHolders } from "../../src/engine/service/time-holders.ts";
import type { ValveStatus } from "../../src/stream/time/watermark-valve.ts";

test("it is held since the arrival by which neither the holder nor its watermark was another one", () => {
  let time: Record<string, ValveStatus> = {};
  const holders = new TimeHolders(() => time);
  const held = (input: string, watermark: number): void => {
    time = { s: { watermark, idle: false, heldBackBy: { input, watermark, since: 0 }, inputs: [] } };
  };
  const seen = (at: number): unknown => {
    holders.passed(at);
    return holders.holders().get("s") ?? null;
  };
  expect(seen(1000)).toBeNull();
  held("a", 5);
  expect(seen(2000)).toEqual({ input: "a", watermark: 5, since: 2000 });
  expect(seen(3000)).toMatchObject({ since: 2000 });
  held("a", 6);
  expect(seen(4000)).toMatchObject({ watermark: 6, since: 4000 });
  held("b", 6);
  expect(seen(5000)).toMatchObject({ input: "b", since: 5000 });
  expect(seen(4500)).toMatchObject({ input: "b", since: 5000 });
  time = { s: { watermark: 9, idle: true, heldBackBy: null, inputs: [] } };
  expect(seen(6000)).toBeNull();
});
