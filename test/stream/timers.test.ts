import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Timers, type TimerOwner } from "../../src/stream/timers.ts";

interface Named extends TimerOwner {
  readonly name: string;
}

function owner(name: string): Named {
  return { name, timerAt: Infinity };
}

/** Names of those due at the time, in the order in which they come up. */
function due(timers: Timers<Named>, time: number): string[] {
  const names: string[] = [];
  for (let next = timers.nextDue(time); next !== undefined; next = timers.nextDue(time)) names.push(next.name);
  return names;
}

describe("timers", () => {
  test("come up in the order of their times, each once, at its time and not before", () => {
    const timers = new Timers<Named>();
    [30, 10, 20].forEach((at) => timers.set(owner(`t${at}`), at));
    expect(due(timers, 9)).toEqual([]);
    expect(due(timers, 20)).toEqual(["t10", "t20"]);
    expect(due(timers, 100)).toEqual(["t30"]);
  });

  test("move to an earlier time, and not to a later one", () => {
    const timers = new Timers<Named>();
    const [a, b] = [owner("a"), owner("b")];
    timers.set(a, 20);
    timers.set(a, 10);
    timers.set(b, 10);
    timers.set(b, 20);
    expect(due(timers, 10).sort()).toEqual(["a", "b"]);
    expect(due(timers, 100)).toEqual([]);
  });

  test("are free to be set again once they have come up", () => {
    const timers = new Timers<Named>();
    const a = owner("a");
    timers.set(a, 20);
    timers.set(a, 10);
    expect(due(timers, 15)).toEqual(["a"]);
    expect(a.timerAt).toBe(Infinity);
    timers.set(a, 20); // beside the one that was moved away from there
    expect(due(timers, 20)).toEqual(["a"]);
    timers.set(a, Infinity);
    expect(due(timers, Infinity)).toEqual([]);
  });

  test("do as a list of each owner's earliest time would", () => {
    const set = fc.record({ name: fc.constantFrom("a", "b", "c"), at: fc.integer({ min: 0, max: 30 }) });
    fc.assert(
      fc.property(fc.array(fc.oneof(set, set, fc.integer({ min: 0, max: 30 })), { maxLength: 60 }), (steps) => {
        const timers = new Timers<Named>();
        const owners = new Map(["a", "b", "c"].map((name) => [name, owner(name)]));
        const naive = new Map<string, number>();
        const up: string[][] = [];
        const expected: string[][] = [];
        for (const step of steps) {
          if (typeof step === "number") {
            const names = [...naive].filter(([, at]) => at <= step).map(([name]) => name);
            for (const name of names) naive.delete(name);
            expected.push(names.sort());
            up.push(due(timers, step).sort());
          } else {
            timers.set(owners.get(step.name)!, step.at);
            naive.set(step.name, Math.min(step.at, naive.get(step.name) ?? Infinity));
          }
        }
        expect(up).toEqual(expected);
      }),
    );
  });
});
