/** Graphs that change while their task runs. */

import { describe, expect, test } from "@jest/globals";
import {
  ascendingTimestamps,
  boundedOutOfOrderness,
  StreamEnvironment,
  tumblingWindows,
  valueState,
  type DataStream,
  type KeyedProcessFunction,
  type StreamElement,
} from "../../src/stream/index.ts";

interface Reading {
  readonly key: string;
  readonly n: number;
}

const running = valueState<number>({ name: "sum" });

class RunningSum implements KeyedProcessFunction<string, Reading, string> {
  processElement(
    { key, n }: Reading,
    context: Parameters<KeyedProcessFunction<string, Reading, string>["processElement"]>[1],
  ) {
    const sum = context.state(running);
    sum.update((sum.value() ?? 0) + n);
    context.collect(`${key}=${sum.value()}`);
  }
}

/** What has come out of a stream so far: records as they are, time as `|9`. */
function listen(stream: DataStream<unknown>): string[] {
  const seen: string[] = [];
  stream.elements((element: StreamElement<unknown>) => {
    if (element.kind === "record") seen.push(String(element.value));
    else seen.push(element.kind === "watermark" ? `|${element.watermark}` : element.idle ? "idle" : "active");
  });
  return seen;
}

describe("a graph may grow while its task runs", () => {
  test("what is added sees what comes from then on, and knows how far time has come", () => {
    const env = new StreamEnvironment();
    const source = env.source<number>("n", { timestamp: (n) => n, watermarks: ascendingTimestamps() });
    const first = listen(source);
    const task = env.createTask();
    task.push(source, 5);
    const second = listen(source.map((n) => n * 10));
    task.push(source, 6); // not yet taken up
    task.update();
    task.push(source, 9);
    expect(first).toEqual(["5", "|4", "6", "|5", "9", "|8"]);
    expect(second).toEqual(["|5", "90", "|8"]);
  });

  test("state of what was there goes on", () => {
    const env = new StreamEnvironment();
    const source = env.source<Reading>("n", { timestamp: ({ n }) => n, watermarks: ascendingTimestamps() });
    const keyed = source.keyBy(({ key }) => key);
    const sums = listen(keyed.process(() => new RunningSum()));
    const task = env.createTask({ parallelism: 3 });
    task.push(source, { key: "a", n: 1 });
    const later = listen(keyed.process(() => new RunningSum()));
    task.update();
    task.push(source, { key: "a", n: 2 });
    expect(sums.filter((each) => !each.startsWith("|"))).toEqual(["a=1", "a=3"]);
    expect(later.filter((each) => !each.startsWith("|"))).toEqual(["a=2"]);
  });

  test("what is removed takes what reads from it with it, and its name is free again", () => {
    const env = new StreamEnvironment();
    const source = env.source<number>("n", { timestamp: (n) => n, watermarks: ascendingTimestamps() });
    const kept = listen(source);
    const doubled = source.map((n) => n * 2).named("twice");
    const gone = listen(doubled.map((n) => n + 1));
    const task = env.createTask();
    task.push(source, 1);
    doubled.remove();
    task.update();
    task.push(source, 2);
    expect(gone).toEqual(["3", "|0"]);
    expect(kept).toEqual(["1", "|0", "2", "|1"]);
    expect(() => source.map((n) => n).named("twice")).not.toThrow();
    expect(() => doubled.map((n) => n)).toThrow("whose operator has been removed");
  });

  test("a restored task that grows tells what is new how far time had come", () => {
    const build = () => {
      const env = new StreamEnvironment();
      const source = env.source<number>("n", { timestamp: (n) => n, watermarks: boundedOutOfOrderness(2) });
      const odd = source.filter((n) => n % 2 === 1).named("odd");
      return { env, source, odd };
    };
    const before = build();
    const task = before.env.createTask();
    task.push(before.source, 7);
    const after = build();
    const restored = after.env.createTask({ snapshot: task.snapshot() });
    const seen = listen(after.odd);
    restored.update();
    restored.push(after.source, 9);
    expect(seen).toEqual(["|4", "9", "|6"]);
  });

  test("a node that is made anew may begin with its state in a snapshot", () => {
    const env = new StreamEnvironment();
    const source = env.source<Reading>("n", { timestamp: ({ n }) => n, watermarks: ascendingTimestamps() });
    const sums = () =>
      source
        .keyBy(({ key }) => key)
        .process(() => new RunningSum())
        .named("sums");
    const old = sums();
    const task = env.createTask();
    task.push(source, { key: "a", n: 1 });
    const snapshot = task.snapshot();
    old.remove();
    const seen = listen(sums());
    task.update(snapshot);
    task.push(source, { key: "a", n: 2 });
    expect(seen).toEqual(["|0", "a=3", "|1"]);
  });
});

describe("side outputs", () => {
  test("have the time of the operator that they come from", () => {
    const late = { name: "late" } as never;
    const env = new StreamEnvironment();
    const source = env.source<Reading>("n", { timestamp: ({ n }) => n, watermarks: ascendingTimestamps() });
    const windows = source
      .keyBy(({ key }) => key)
      .window(tumblingWindows({ size: 10 }))
      .sideOutputLateData(late)
      .reduce((a, b) => ({ key: a.key, n: a.n + b.n }));
    const seen = listen((windows.sideOutput(late) as DataStream<Reading>).map(({ n }) => n));
    const task = env.createTask();
    for (const n of [5, 25, 7]) task.push(source, { key: "a", n });
    expect(seen).toEqual(["|4", "|24", "7"]);
  });
});

describe("the order of event time", () => {
  function sorted(script: string): string[] {
    const env = new StreamEnvironment();
    const options = { timestamp: (n: number) => n, watermarks: boundedOutOfOrderness(3), startsIdle: true };
    const a = env.source<number>("a", options);
    const b = env.source<number>("b", options);
    const seen = listen(a.inEventTime([b]));
    const task = env.createTask();
    for (const each of script.split(" ")) task.push(each[0] === "a" ? a : b, Number(each.slice(1)));
    task.end();
    return seen;
  }

  test.each([
    ["a5 a3 a9", "|1 |2 3 |4 5 |5 |8 9 |Infinity", "a record waits until no earlier one can come"],
    ["a5 b4 a9 b9", "|1 |3 4 |4 5 |5 |8 9 9 |Infinity", "of several streams, by the least of their watermarks"],
    ["a9 a2", "|5 2 |8 9 |Infinity", "what is late goes on at once"],
  ])("%s gives %s: %s", (script, expected) => {
    expect(
      sorted(script)
        .filter((each) => each !== "idle" && each !== "active")
        .join(" "),
    ).toBe(expected);
  });
});
