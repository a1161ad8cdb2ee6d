import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { PriorityQueue } from "../../src/stream/priority-queue.ts";

describe("a priority queue", () => {
  test("gives the least first, and nothing when it is empty", () => {
    const queue = new PriorityQueue<number>((a, b) => a - b);
    for (const item of [3, 1, 2]) queue.push(item);
    expect(queue.peek()).toBe(1);
    expect([queue.pop(), queue.pop(), queue.pop(), queue.pop()]).toEqual([1, 2, 3, undefined]);
    expect(queue.peek()).toBeUndefined();
  });

  test("does as a sorted list would, whatever is pushed and popped", () => {
    const push = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(fc.array(fc.oneof(push, push, fc.constant("pop" as const)), { maxLength: 200 }), (steps) => {
        const queue = new PriorityQueue<number>((a, b) => a - b);
        let naive: number[] = [];
        for (const step of steps) {
          const [popped, expected] = step === "pop" ? [queue.pop(), naive.shift()] : [];
          if (step !== "pop") {
            queue.push(step);
            naive = [...naive, step].sort((a, b) => a - b);
          }
          expect([popped, queue.peek(), queue.size]).toEqual([expected, naive[0], naive.length]);
          expect([...queue.items()].sort((a, b) => a - b)).toEqual(naive);
        }
      }),
    );
  });
});
