import { describe, expect, test } from "@jest/globals";
import {
  outputTag,
  StreamEnvironment,
  valueState,
  type DataStream,
  type ProcessFunction,
  type Task,
  type ValueState,
} from "../../src/stream/index.ts";
import { drain, observe } from "./observed.ts";

/** One source of numbers, each at the time that it says; what comes out is asked for as text. */
function check<R>(
  build: (numbers: DataStream<number>) => DataStream<R>,
  input: readonly number[],
  expected: string,
): void {
  const env = new StreamEnvironment();
  const numbers = env.source<number>("numbers", { timestamp: (value) => value });
  const seen = observe(build(numbers));
  const task = env.createTask();
  for (const value of input) task.push(numbers, value);
  expect(drain(seen.filter((text) => text.includes("@")))).toBe(expected);
}

describe("operators without keys", () => {
  test("map makes one record of one, and keeps its time", () => {
    check((numbers) => numbers.map((n) => `n${n}`), [1, 2], "n1@1 n2@2");
  });

  test("filter keeps what it holds for", () => {
    check((numbers) => numbers.filter((n) => n > 1), [1, 2, 3], "2@2 3@3");
  });

  test("flatMap makes none, one or many", () => {
    check(
      (numbers) => numbers.flatMap((n) => Array.from({ length: n }, (_, i) => `${n}${"abc"[i]}`)),
      [0, 1, 2],
      "1a@1 2a@2 2b@2",
    );
  });

  // S11.19
  test("process may collect, and emit to the side", () => {
    const odd = outputTag<string>("odd");
    const split = (numbers: DataStream<number>): DataStream<number> =>
      numbers.process<number>(() => ({
        processElement(value, context) {
          if (value % 2 === 0) context.collect(value);
          else context.sideOutput(odd, `odd ${value}`);
        },
      }));
    check(split, [1, 2, 3], "2@2");
    check((numbers) => split(numbers).sideOutput(odd), [1, 2, 3], "odd 1@1 odd 3@3");
  });

  test("union has the records of all, and a stream may have many readers", () => {
    check((numbers) => numbers.map((n) => `a${n}`).union(numbers.map((n) => `b${n}`)), [1, 2], "a1@1 b1@1 a2@2 b2@2");
  });

  test("reduce by key emits the total so far", () => {
    check((numbers) => numbers.keyBy((n) => n % 2).reduce((a, b) => a + b), [1, 2, 3, 4], "1@1 2@2 4@3 6@4");
  });
});

describe("rich functions", () => {
  test("are opened from the end of the graph, and closed from its beginning", () => {
    const told: string[] = [];
    const rich = (name: string) => ({
      open: ({ operator }: { operator: string }) => void told.push(`open ${operator}`),
      map: (value: number) => value,
      close: () => void told.push(`close ${name}`),
    });
    const env = new StreamEnvironment();
    env.source<number>("numbers").map(rich("first")).named("first").map(rich("second")).named("second");
    const task = env.createTask();
    expect(told.splice(0)).toEqual(["open second", "open first"]);
    task.close();
    task.close();
    expect(told).toEqual(["close first", "close second"]);
  });

  test("have state of the operator, which snapshots hold", () => {
    const count = valueState<number>({ name: "count" });
    const env = new StreamEnvironment();
    const numbers = env.source<number>("numbers");
    let calls: ValueState<number>;
    const counting: ProcessFunction<number, never> = {
      open: (context) => void (calls = context.operatorState(count)),
      processElement: () => calls.update((calls.value() ?? 0) + 1),
    };
    numbers.process(() => counting).named("counting");
    const task = env.createTask();
    task.push(numbers, 1, 1);
    task.push(numbers, 1, 1);
    expect(task.snapshot().operators["counting"]?.operatorState).toEqual({ count: 2 });
  });
});

// S11.1
describe("a task", () => {
  function failing(): { task: Task; push: (value: number) => void } {
    const env = new StreamEnvironment();
    const numbers = env.source<number>("numbers");
    numbers.map((value) => {
      if (value === 0) throw new Error("no zero");
      if (value < 0) task.push(numbers, 1, 1);
      return value;
    });
    const task: Task = env.createTask();
    return { task, push: (value) => task.push(numbers, value, 1) };
  }

  test("does nothing more after a failure", () => {
    const { push } = failing();
    push(1);
    expect(() => push(0)).toThrow("no zero");
    expect(() => push(1)).toThrow("the task has failed: no zero");
  });

  test("does one thing at a time", () => {
    expect(() => failing().push(-1)).toThrow("the task was used from inside one of its own functions");
  });

  test("takes nothing once it is closed", () => {
    const { task, push } = failing();
    task.close();
    expect(() => push(1)).toThrow("the task has been closed");
  });

  test("refuses a record without a time, and goes on", () => {
    const env = new StreamEnvironment();
    const numbers = env.source<number>("numbers");
    const seen = observe(numbers);
    const task = env.createTask();
    expect(() => task.push(numbers, 1)).toThrow(
      'numbers, partition "0": the time of a record is undefined; expected whole epoch milliseconds',
    );
    task.push(numbers, 1, 5);
    expect(drain(seen)).toBe("idle 1@5");
  });

  test("knows its sources", () => {
    const env = new StreamEnvironment();
    env.source<number>("payments");
    const task = env.createTask();
    expect(() => task.push({ name: "payment" }, 1, 1)).toThrow(
      'the graph has no source "payment"; its sources: payments',
    );
  });
});
