import { describe, expect, test } from "@jest/globals";
import { END_OF_TIME } from "../../src/core/time.ts";
import { EventTimeQueue } from "../../src/stream/event-time-queue.ts";

/** Pushes events of these times, in this order; gives those released at the watermark, as `time#offset`. */
function released(times: readonly number[], watermark: number): string[] {
  const queue = queueOf(times);
  const names: string[] = [];
  for (let event = queue.next(watermark); event !== undefined; event = queue.next(watermark)) {
    names.push(`${event.time}#${event.offset}`);
  }
  return names;
}

function queueOf(times: readonly number[]): EventTimeQueue {
  const queue = new EventTimeQueue();
  times.forEach((time, offset) => queue.push({ stream: "s", offset, id: null, ordinal: offset, time, data: {} }));
  return queue;
}

describe("events that wait for the watermark", () => {
  // S1.3
  test("are released in the order of their times, those of one time in that of their arrival", () => {
    expect(released([5, 3, 5, 1, 3], 5)).toEqual(["1#3", "3#1", "3#4", "5#0", "5#2"]);
  });

  // S1.4
  test("are released up to the watermark + 1 ms", () => {
    expect(released([1, 2, 3], -1)).toEqual([]);
    expect(released([1, 2, 3], 0)).toEqual(["1#0"]);
    expect(released([1, 2, 3], 1)).toEqual(["1#0", "2#1"]);
    expect(released([1, 2, 3], END_OF_TIME)).toHaveLength(3);
  });

  test("are told in the order of their release while they wait", () => {
    expect(
      queueOf([5, 3, 5, 1])
        .waiting()
        .map(({ time, offset }) => `${time}#${offset}`),
    ).toEqual(["1#3", "3#1", "5#0", "5#2"]);
  });
});
