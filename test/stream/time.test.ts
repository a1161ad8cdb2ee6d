import { describe, expect, test } from "@jest/globals";
import {
  ascendingTimestamps,
  boundedOutOfOrderness,
  punctuatedWatermarks,
  StreamEnvironment,
  type SourceOptions,
  type TaskStatus,
  type WatermarkStrategy,
} from "../../src/stream/index.ts";
import { drain, observe } from "./observed.ts";

/** One source; `5` is a record at 5, `b7` one of partition b, `b:idle`, `b:end` and `b:|9` are told of partition b, `~9` is processing time. */
function flow(options: SourceOptions<number>, input: string): { seen: string; status: TaskStatus } {
  const env = new StreamEnvironment();
  const source = env.source<number>("source", options);
  const seen = observe(source);
  const task = env.createTask();
  for (const step of input.split(" ")) {
    const [, partition = "a", what = ""] = /^([a-z]?):?(.*)$/.exec(step)!;
    const into = task.input(source, partition === "" ? "a" : partition);
    if (what.startsWith("~")) task.advanceProcessingTime(Number(what.slice(1)));
    else if (what === "idle") into.markIdle();
    else if (what === "end") into.end();
    else if (what.startsWith("|")) into.advanceWatermark(Number(what.slice(1)));
    else into.push(Number(what), Number(what));
  }
  return { seen: drain(seen), status: task.status() };
}

function check(options: SourceOptions<number>, input: string, expected: string): void {
  expect(flow(options, input).seen).toBe(expected);
}

// S11.2
describe("watermark strategies", () => {
  test("bounded stays behind the greatest timestamp by the bound and a millisecond", () => {
    check({ watermarks: boundedOutOfOrderness(3) }, "5 4 9", "5@5 |1 4@4 9@9 |5");
  });

  test("ascending is a bound of nothing", () => {
    check({ watermarks: ascendingTimestamps() }, "5 5 9", "5@5 |4 5@5 9@9 |8");
  });

  test("punctuated goes by the records that say so, as themselves or by a time", () => {
    check({ watermarks: punctuatedWatermarks((n: number) => n % 2 === 0) }, "5 6 8 7", "5@5 6@6 |6 8@8 |8 7@7");
    check({ watermarks: punctuatedWatermarks((n: number) => n - 2) }, "5 6", "5@5 |3 6@6 |4");
  });

  test("one of one's own making may go on with processing time", () => {
    const lagging: WatermarkStrategy<unknown> = {
      name: "lagging",
      createGenerator: () => ({ onRecord: () => -Infinity, onProcessingTime: (now) => now - 10 }),
    };
    check({ watermarks: lagging }, "5 ~20 ~15 ~30", "5@5 |10 |20");
  });

  test("an explicit watermark counts like any other, and none goes back", () => {
    check({ watermarks: boundedOutOfOrderness(0) }, "5 :|9 7 :|6 12", "5@5 |4 |9 7@7 12@12 |11");
  });

  test("timestamps may be read off the records", () => {
    check({ timestamp: (n) => n * 10 }, "5", "idle 5@50");
  });

  test("a watermark that is no number is refused", () => {
    expect(() => flow({}, ":|x")).toThrow(
      'source, partition "a": the watermark is not a number; expected epoch milliseconds',
    );
  });
});

// S11.3
describe("partitions", () => {
  const partitions = ["a", "b"];
  const watermarks = ascendingTimestamps();

  test("the source goes by the least of them, and waits for all that it was told of", () => {
    check({ partitions, watermarks }, "a5 b3 a9 b7", "5@5 3@3 |2 9@9 7@7 |6");
  });

  test("time waits for one that joins late", () => {
    check({ watermarks }, "a5 b3 a9 b7 a20 b12", "5@5 |4 3@3 9@9 7@7 |6 20@20 12@12 |11");
    check({ watermarks }, "a5 b9 a20", "5@5 |4 9@9 20@20 |8");
  });

  test("an idle one holds nothing back, until it speaks again", () => {
    check({ partitions, watermarks }, "a5 b:idle a9 b10 a20", "5@5 |4 9@9 |8 10@10 20@20 |9");
  });

  test("when the last falls silent, all that has been seen counts; then the source is idle", () => {
    check({ partitions, watermarks }, "a5 b9 a:idle b:idle a12", "5@5 9@9 |4 |8 idle active 12@12 |11");
    check({ partitions, watermarks }, "a5 b9 b:idle a:idle", "5@5 9@9 |4 |8 idle");
  });

  test("one that has ended holds nothing back, and takes nothing more", () => {
    check({ partitions, watermarks }, "a5 b:end a9 a:end", "5@5 |4 9@9 |8 |Infinity");
    expect(() => flow({ watermarks }, "a:end a5")).toThrow('the partition "a" has ended; expected no further record');
  });
});

describe("status", () => {
  test("names the partition that holds time back, and since when", () => {
    const { status } = flow(
      { partitions: ["a", "b"], watermarks: ascendingTimestamps() },
      "~100 b3 a5 ~200 b9 ~300 a7",
    );
    expect(status.time["source"]).toEqual({
      watermark: 6,
      idle: false,
      heldBackBy: { input: "a", watermark: 6, since: 200 },
      inputs: [
        { name: "a", watermark: 6, idle: false },
        { name: "b", watermark: 8, idle: false },
      ],
    });
  });

  test("names nobody when all are silent, or at the end", () => {
    const options = { watermarks: ascendingTimestamps() };
    const idle = flow(options, "a5 a:idle").status.time["source"];
    expect(idle).toMatchObject({ watermark: 4, idle: true, heldBackBy: null, inputs: [{ name: "a", idle: true }] });
    expect(flow(options, "a5 a:end").status.time["source"]).toMatchObject({
      watermark: Infinity,
      idle: false,
      heldBackBy: null,
    });
  });

  test("names the stream that holds an operator's time back", () => {
    const env = new StreamEnvironment();
    const [fast, slow] = ["fast", "slow"].map((name) =>
      env.source<number>(name, { watermarks: ascendingTimestamps() }),
    );
    fast!.union(slow!).named("both");
    const task = env.createTask();
    task.push(fast!, 1, 50);
    expect(task.status().time["both"]).toMatchObject({ heldBackBy: { input: "slow", watermark: -Infinity } });
  });
});

// S11.3
describe("several streams", () => {
  test("time in a union is the least of theirs; one that knows no time does not count", () => {
    const env = new StreamEnvironment();
    const timed = env.source<string>("timed", { watermarks: ascendingTimestamps() });
    const other = env.source<string>("other", { watermarks: ascendingTimestamps() });
    const untimed = env.source<string>("untimed");
    const seen = observe(timed.union(other, untimed));
    const task = env.createTask();
    task.push(timed, "t", 5);
    task.push(untimed, "u", 100);
    task.push(other, "o", 3);
    task.end();
    expect(drain(seen)).toBe("t@5 u@100 o@3 |2 |Infinity");
  });

  test("new timestamps and watermarks take the place of the old ones", () => {
    const env = new StreamEnvironment();
    const source = env.source<number>("source", { watermarks: ascendingTimestamps() });
    const seen = observe(
      source.assignTimestampsAndWatermarks({ timestamp: (n) => n * 10, watermarks: boundedOutOfOrderness(4) }),
    );
    const task = env.createTask();
    task.push(source, 1, 1000);
    task.push(source, 2, 2000);
    task.end();
    expect(drain(seen)).toBe("1@10 |5 2@20 |15 |Infinity");
  });
});
