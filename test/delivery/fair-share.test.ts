import { describe, expect, test } from "@jest/globals";
import { FairShare } from "../../src/delivery/fair-share.ts";

const LONG = 60_000;

describe("a destination's share of the worker", () => {
  test("has so many places, and each destination its own", async () => {
    const share = new FairShare({ placesMax: 2, patienceMs: 1 });
    expect(await Promise.all(["a", "a", "a", "b"].map((name) => share.enter(name)))).toEqual([true, true, false, true]);
  });

  test("passes a place on to who has waited longest", async () => {
    const share = new FairShare({ placesMax: 1, patienceMs: LONG });
    await share.enter("a");
    const entered: number[] = [];
    const waiting = [1, 2].map(async (number) => {
      expect(await share.enter("a")).toBe(true);
      entered.push(number);
      share.leave("a");
    });
    share.leave("a");
    await Promise.all(waiting);
    expect(entered).toEqual([1, 2]);
  });

  test("does not pass a place on to who has gone", async () => {
    const share = new FairShare({ placesMax: 1, patienceMs: 1 });
    await share.enter("a");
    expect(await share.enter("a")).toBe(false);
    share.leave("a");
    expect(await share.enter("a")).toBe(true);
  });

  test("keeps those away for longer that come when more have gone, up to a minute", async () => {
    const share = new FairShare({ placesMax: 1, patienceMs: 1 });
    await share.enter("a");
    expect(share.awayMs("a", 0.5)).toBe(0);
    await Promise.all(Array.from({ length: 10 }, () => share.enter("a")));
    expect(share.awayMs("a", 0.5)).toBe(100);
    await Promise.all(Array.from({ length: 5000 }, () => share.enter("a")));
    expect(share.awayMs("a", 0.5)).toBe(30_000);
  });

  test("forgets how many have gone once it answers again", async () => {
    const share = new FairShare({ placesMax: 1, patienceMs: 50 });
    await share.enter("a");
    await share.enter("a");
    expect(share.awayMs("a", 0.5)).toBe(10);
    const next = share.enter("a");
    share.leave("a");
    expect(await next).toBe(true);
    expect(share.awayMs("a", 0.5)).toBe(0);
  });
});
