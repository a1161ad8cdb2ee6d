import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { NearlyOrderedQueue } from "../../src/stream/time/nearly-ordered-queue.ts";
import { PriorityQueue } from "../../src/stream/time/priority-queue.ts";

describe.each([
  { name: "a heap", Kind: PriorityQueue },
  { name: "a queue of runs", Kind: NearlyOrderedQueue },
])("$name", ({ Kind }) => {
  test("gives the least first, and nothing when it is empty", () => {
    const queue = new Kind<number>((a, b) => a - b);
    for (const item of [3, 1, 2]) queue.push(item);
    expect(queue.first).toBe(1);
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([1, 2, 3, undefined]);
    expect(queue.first).toBeUndefined();
  });

  test("does as a sorted list would, whatever is pushed and popped", () => {
    const push = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(fc.array(fc.oneof(push, push, fc.constant("pop" as const)), { maxLength: 200 }), (steps) => {
        const queue = new Kind<number>((a, b) => a - b);
        let naive: number[] = [];
        for (const step of steps) {
          const [popped, expected] = step === "pop" ? [queue.shift(), naive.shift()] : [];
          if (step !== "pop") {
            queue.push(step);
            naive = [...naive, step].sort((a, b) => a - b);
          }
          expect([popped, queue.first, queue.size]).toEqual([expected, naive[0], naive.length]);
          expect([...queue.items()].sort((a, b) => a - b)).toEqual(naive);
        }
      }),
    );
  });
});
