/** When state expires, who still sees it, and how it goes. */

import { describe, expect, test } from "@jest/globals";
import { listState, mapState, valueState, type StateTtl } from "../../src/stream/index.ts";
import { Lab } from "./lab.ts";

// S11.18
describe("time to live", () => {
  const DAY: StateTtl = { ms: 100 };

  /** Writes at 0; `r50` reads at 50, `w50` writes at 50, `k50` uses another key; each read says what it saw. */
  function check(ttl: StateTtl, script: string, expected: string): void {
    const state = valueState<string>({ name: "state", ttl });
    const lab = new Lab();
    lab.act("a", (context) => context.state(state).update("here"));
    const seen = script.split(" ").map((step) => {
      lab.task.advanceProcessingTime(Number(step.slice(1)));
      if (step.startsWith("w")) return lab.act("a", (context) => context.state(state).update("here")) ?? "written";
      return lab.act(step.startsWith("k") ? "other" : "a", (context) => context.state(state).value()) ?? "gone";
    });
    expect(`${seen.join(" ")}, ${lab.keys} keys`).toBe(expected);
  }

  test("an item lives so long after it was written", () => {
    check(DAY, "r99 r100", "here gone, 0 keys");
    check(DAY, "r99 w99 r198 r199", "here written here gone, 0 keys");
  });

  test("or after it was read, if that counts", () => {
    check({ ...DAY, update: "onReadAndWrite" }, "r99 r198 r298", "here here gone, 0 keys");
  });

  test("what has expired may be shown until it is cleaned up, which reading does", () => {
    check({ ...DAY, visibility: "returnExpiredIfNotCleanedUp" }, "r150 r150", "here gone, 0 keys");
  });

  test("using other keys cleans up", () => {
    check(DAY, "k150", "gone, 0 keys");
    check({ ...DAY, cleanUp: { incremental: 0 } }, "k150", "gone, 1 keys");
  });

  test("the items of lists and maps live each for itself", () => {
    const list = listState<number>({ name: "list", ttl: DAY });
    const map = mapState<string, number>({ name: "map", ttl: DAY });
    const lab = new Lab();
    const add = (n: number): void =>
      lab.act("a", (context) => {
        context.state(list).add(n);
        context.state(map).put(`k${n}`, n);
      });
    add(1);
    lab.task.advanceProcessingTime(60);
    add(2);
    lab.task.advanceProcessingTime(120);
    expect(lab.act("a", (context) => [context.state(list).get(), context.state(map).entries()])).toEqual([
      [2],
      [["k2", 2]],
    ]);
  });

  test("snapshots may leave out what has expired", () => {
    const held = (fullSnapshot: boolean): unknown => {
      const state = valueState<string>({ name: "state", ttl: { ms: 100, cleanUp: { fullSnapshot } } });
      const lab = new Lab();
      lab.act("a", (context) => context.state(state).update("here"));
      lab.task.advanceProcessingTime(100);
      return Object.values(lab.task.snapshot().operators["lab"]!.keyGroups!)[0]![0]!.state["state"];
    };
    expect(held(false)).toEqual({ value: "here", updated: 0 });
    expect(held(true)).toBeUndefined();
  });

  test("of nothing is refused", () => {
    expect(() => valueState({ name: "x", ttl: { ms: 0 } })).toThrow(
      "the time to live of state `x` is 0; expected a whole number of milliseconds, at least 1",
    );
  });
});
