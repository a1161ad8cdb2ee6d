import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { LiveTimers, TimerScope } from "../../src/stream/time/timer-heap.ts";
import { TimerQueue } from "../../src/stream/time/timer-queue.ts";

interface Named extends TimerScope {
  readonly name: string;
}

/** Scopes a, b, c ... in the order in which they fire at one time; the key groups go against the order of the keys. */
function scopes(names: readonly string[]): Map<string, Named> {
  return new Map(
    names.map((name, index): [string, Named] => {
      const group = Math.floor(index / 2);
      const live: LiveTimers = null;
      return [name, { name, group, keyOrdinal: -group, ordinal: index % 2, eventTimers: live, processingTimers: live }];
    }),
  );
}

/** `a+5` sets a timer of a, `a=5` its only one, `a-5` deletes it, `a-` all of a, `|5` goes on to 5, and `|!` to the end of time. */
function check(steps: string, expected: string): void {
  const queue = new TimerQueue<Named>("event");
  const byName = scopes(["a", "b", "c", "d"]);
  const fired: string[] = [];
  for (const step of steps.split(" ")) {
    const [, name = "", what = "", at = ""] = /^([a-d]?)([-+=|])(.*)$/.exec(step)!;
    const scope = byName.get(name)!;
    if (what === "|")
      queue.advance(at === "!" ? Infinity : Number(at), {
        due: () => undefined,
        fire: ({ name }, at) => void fired.push(`${name}${at}`),
        furtherMax: 0,
      });
    else if (what === "+") queue.set(scope, Number(at));
    else if (what === "=") queue.setOnly(scope, Number(at));
    else if (at === "") queue.clear(scope);
    else queue.delete(scope, Number(at));
  }
  expect(fired.join(" ")).toBe(expected);
}

describe("timers", () => {
  test("fire in the order of time, each once, at its time and not before", () => {
    check("a+30 b+10 a+20 |9 |20 |100", "b10 a20 a30");
  });

  // S11.5
  test("of one time fire by key group, key and scope", () => {
    check("d+5 b+5 c+5 a+5 |5", "a5 b5 c5 d5");
  });

  test("are one per scope and timestamp", () => {
    check("a+5 a+5 a+6 a+6 |!", "a5 a6");
  });

  test("may be deleted, one or all", () => {
    check("a+5 a+6 a-5 a-7 b+5 b-5 b-5 |!", "a6");
    check("a+5 a+6 a- b+5 |!", "b5");
  });

  test("may be moved: one that is set to be the only one", () => {
    check("a=5 b+6 a=7 |6 |!", "b6 a7");
    check("a+5 a+6 a=3 |!", "a3");
  });

  test("do as a list would, whatever is set, deleted and fired", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const scope = fc.constantFrom(...names);
    const at = fc.nat(30);
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("set", "setOnly", "delete"), scope, at }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("clear", "advance"), scope, at }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new TimerQueue<Named>("processing");
        const byName = scopes(names);
        let naive: { readonly name: string; readonly at: number }[] = [];
        for (const { do: what, scope: name, at } of steps) {
          const isSame = (timer: { readonly name: string; readonly at: number }): boolean =>
            timer.name === name && timer.at === at;
          const fired: string[] = [];
          if (what === "advance")
            queue.advance(at, {
              due: () => undefined,
              fire: (scope, at) => void fired.push(`${scope.name}${at}`),
              furtherMax: 0,
            });
          else queue[what as "set" | "setOnly" | "delete" | "clear"](byName.get(name)!, at);

          const due = naive.filter((timer) => what === "advance" && timer.at <= at);
          if (what === "set" || what === "delete") naive = naive.filter((timer) => !isSame(timer));
          if (what === "setOnly" || what === "clear") naive = naive.filter((timer) => timer.name !== name);
          if (what === "set" || what === "setOnly") naive.push({ name, at });
          naive = naive.filter((timer) => !due.includes(timer));

          expect(fired).toEqual(
            due.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1)).map(({ name, at }) => `${name}${at}`),
          );
          expect(queue.size).toBe(naive.length);
          const own = naive.filter((timer) => timer.name === name).map(({ at }) => at);
          expect(queue.timesOf(byName.get(name)!)).toEqual(own.sort((a, b) => a - b));
        }
      }),
    );
  });
});
