/** `map`, `filter` and `flatMap` by key, with the key's state. */

import { expect, test } from "@jest/globals";
import {
  StreamEnvironment,
  valueState,
  type DataStream,
  type KeyedStream,
  type TaskSnapshot,
  type ValueState,
} from "../../src/stream/index.ts";

interface Sample {
  readonly key: string;
  readonly value: number;
}

const last = valueState<number>({ name: "last" });

type Build = (samples: KeyedStream<Sample, string>) => DataStream<unknown>;

function job(build: Build, { parallelism = 1, snapshot }: { parallelism?: number; snapshot?: TaskSnapshot } = {}) {
  const env = new StreamEnvironment();
  const samples = env.source<Sample>("samples");
  const seen: unknown[] = [];
  build(samples.keyBy(({ key }) => key)).sinkTo((value) => void seen.push(value));
  const task = env.createTask({ parallelism, ...(snapshot === undefined ? {} : { snapshot }) });
  return {
    task,
    /** `a5` is a sample of 5 for key a. */
    run(input: string): unknown[] {
      for (const step of input.split(" ")) task.push(samples, { key: step[0]!, value: Number(step.slice(1)) }, 0);
      return seen.splice(0);
    },
  };
}

let state: ValueState<number>;
const open = (context: { state(descriptor: typeof last): ValueState<number> }): void => {
  state = context.state(last);
};

/** How much more a sample is than the one before of its key. */
function rise({ value }: Sample): number {
  const before = state.value() ?? value;
  state.update(value);
  return value - before;
}

// S11.17
test.each<[what: string, build: Build, expected: unknown[]]>([
  ["map", (samples) => samples.map({ open, map: rise }), [0, 0, 4, 2, -1]],
  [
    "filter",
    (samples) => samples.filter({ open, filter: (sample) => rise(sample) > 2 }).map(({ value }) => value),
    [5],
  ],
  [
    "flatMap",
    (samples) =>
      samples.flatMap({
        open,
        flatMap: (sample) => Array.from({ length: Math.max(0, rise(sample)) }, () => sample.key),
      }),
    ["a", "a", "a", "a", "b", "b"],
  ],
  ["a plain function", (samples) => samples.map(({ key, value }) => `${key}${value}`), ["a1", "b3", "a5", "b5", "a4"]],
])("%s has the key's state", (_, build, expected) => {
  expect(job(build).run("a1 b3 a5 b5 a4")).toEqual(expected);
});

test("goes on from a snapshot at another parallelism", () => {
  const plain = (samples: KeyedStream<Sample, string>) => samples.map({ map: rise, open });
  const first = job(plain);
  first.run("a1 b3");
  const snapshot = JSON.parse(JSON.stringify(first.task.snapshot())) as TaskSnapshot;
  expect(job(plain, { snapshot }).run("a5 b5")).toEqual([4, 2]);
  expect(() => job(plain, { snapshot, parallelism: 2 })).toThrow(
    "map-1: its function is one object, which all of its 2 subtasks would open and close",
  );
});

test("no function is refused, with the place", () => {
  expect(() => job((samples) => samples.map({ filter: () => true } as never))).toThrow(
    "map behind samples was given an object; expected a function, or an object with `map`",
  );
  expect(() => job((samples) => samples.map({ map: rise, snapshotState() {} } as never))).toThrow(
    "map-1: its function has `snapshotState`, and works by key; expected `open` and state of the key",
  );
});
