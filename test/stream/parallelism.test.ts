/** Several subtasks of operators without keys: what reaches which of them, and what a snapshot makes of it. */

import { describe, expect, test } from "@jest/globals";
import {
  ascendingTimestamps,
  mapState,
  StreamEnvironment,
  valueState,
  type DataStream,
  type PartitionedStream,
  type ProcessFunction,
  type Task,
  type TaskSnapshot,
  type ValueState,
} from "../../src/stream/index.ts";
import { observe } from "./observed.ts";

const numbersTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Tells for each record where it came. */
const located = (): ProcessFunction<number, string> => {
  let subtask: number;
  return {
    open: (context) => void (subtask = context.subtask),
    processElement: (value, context) => context.collect(`${subtask}:${value}`),
  };
};

interface Case {
  readonly divide: (numbers: DataStream<number>) => PartitionedStream<number>;
  /** Of the operator before, and of the one behind. */
  readonly from?: number;
  readonly to?: number;
  readonly count?: number;
}

/** What each subtask got, in its order: `0:0 0:2 | 1:1`. */
function reachedBy({ divide, from = 1, to = 3, count = 7 }: Case): string {
  const env = new StreamEnvironment();
  const numbers = env.source<number>("numbers");
  const before = numbers
    .partitionCustom(
      (n: number, subtasks) => n % subtasks,
      (n) => n,
    )
    .map((n) => n)
    .setParallelism(from);
  const seen = observe(divide(before).process(located).setParallelism(to));
  const task = env.createTask();
  for (const n of numbersTo(count)) task.push(numbers, n, n);
  const bySubtask = grouped(seen);
  return [...bySubtask]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([subtask, values]) => `${subtask}: ${values.join(" ")}`)
    .join(" | ");
}

function grouped(seen: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const text of seen.filter((each) => each.includes("@"))) {
    const [subtask, value] = text.split("@")[0]!.split(":") as [string, string];
    groups.set(subtask, [...(groups.get(subtask) ?? []), value]);
  }
  return groups;
}

// S11.24
describe("a stream is divided among subtasks", () => {
  test.each<[name: string, divided: Case, expected: string]>([
    ["rebalance: in turn", { divide: (n) => n.rebalance() }, "0: 0 3 6 | 1: 1 4 | 2: 2 5"],
    [
      "rebalance: each subtask before begins with another",
      { divide: (n) => n.rebalance(), from: 2, to: 2, count: 6 },
      "0: 0 3 4 | 1: 1 2 5",
    ],
    [
      "rescale to more: each has its own few",
      { divide: (n) => n.rescale(), from: 2, to: 4, count: 8 },
      "0: 0 4 | 1: 2 6 | 2: 3 7 | 3: 1 5",
    ],
    [
      "rescale to fewer: neighbours share one",
      { divide: (n) => n.rescale(), from: 4, to: 2, count: 8 },
      "0: 0 1 4 5 | 1: 2 3 6 7",
    ],
    ["broadcast: to all", { divide: (n) => n.broadcast(), count: 2 }, "0: 0 1 | 1: 0 1 | 2: 0 1"],
    ["global: to the first", { divide: (n) => n.global() }, "0: 0 1 2 3 4 5 6"],
    [
      "a partitioner of one's own",
      {
        divide: (n) =>
          n.partitionCustom(
            (half: number, subtasks) => half % subtasks,
            (value) => value >> 1,
          ),
      },
      "0: 0 1 6 | 1: 2 3 | 2: 4 5",
    ],
    ["forward: each to its own", { divide: (n) => n.forward(), from: 3 }, "0: 0 3 6 | 1: 1 4 | 2: 2 5"],
    ["equally many, and nothing said: each to its own", { divide: (n) => n, from: 3 }, "0: 0 3 6 | 1: 1 4 | 2: 2 5"],
    ["unequally many, and nothing said: in turn", { divide: (n) => n }, "0: 0 3 6 | 1: 1 4 | 2: 2 5"],
  ])("%s", (_, divided, expected) => {
    expect(reachedBy(divided)).toBe(expected);
  });

  test("shuffle reaches all evenly, and the same for the same seed", () => {
    const shuffled = (seed: number): string => reachedBy({ divide: (n) => n.shuffle({ seed }), count: 300 });
    expect(shuffled(1)).toBe(shuffled(1));
    expect(shuffled(1)).not.toBe(shuffled(2));
    const counts = shuffled(1)
      .split(" | ")
      .map((of) => of.split(" ").length);
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(25);
  });
});

// S11.23
describe("how many subtasks there are", () => {
  function subtasksOf(build: (numbers: DataStream<number>) => DataStream<unknown>, parallelism: number): number {
    const env = new StreamEnvironment();
    build(env.source<number>("numbers"))
      .process<never>(() => ({ processElement() {} }))
      .process<never>(() => ({
        open: (context) => void (found = context.parallelism),
        processElement() {},
      }));
    let found = 0;
    env.createTask({ parallelism });
    return found;
  }

  test.each<[name: string, build: (numbers: DataStream<number>) => DataStream<unknown>, expected: number]>([
    ["one, where nothing is said", (n) => n, 1],
    ["as many as the task, behind a divided stream", (n) => n.rebalance().map((value) => value), 4],
    ["as many as is said", (n) => n.map((value) => value).setParallelism(3), 3],
    [
      "as many as what comes before, of streams that agree",
      (n) => n.rebalance().map(String).union(n.shuffle().map(String)),
      4,
    ],
    ["one, where they do not", (n) => n.rebalance().map(String).union(n.map(String)), 1],
    ["one, behind a key", (n) => n.keyBy((value) => value).reduce((a) => a), 1],
  ])("%s", (_, build, expected) => {
    expect(subtasksOf(build, 4)).toBe(expected);
  });

  test.each<[name: string, build: (numbers: DataStream<number>) => unknown, message: string]>([
    [
      "no number",
      (n) => n.map(String).setParallelism(0),
      "the parallelism of map-1 is 0; expected a whole number from 1 to 128, the number of key groups",
    ],
    [
      "several of a source",
      (n) => n.setParallelism(2),
      'the parallelism of numbers is 2; expected 1: "source, watermarks explicit" is done in one place',
    ],
    ["no seed", (n) => n.shuffle({ seed: 0.5 }), "the `seed` of `shuffle` is 0.5; expected a whole number"],
    [
      "forward between unequal sides",
      (n) => n.map(String).setParallelism(2).forward().map(String).setParallelism(3),
      "map-2 reads map-1 by `forward`, and has 3 subtasks where that has 2",
    ],
    [
      "one object for several subtasks",
      (n) => n.map({ open() {}, map: String }).setParallelism(2),
      "map-1: its function is one object, which all of its 2 subtasks would open and close",
    ],
  ])("refused: %s", (_, build, message) => {
    const env = new StreamEnvironment();
    const run = (): Task => {
      build(env.source<number>("numbers"));
      return env.createTask();
    };
    expect(run).toThrow(message);
  });

  test.each([1, 3])("a partitioner that names no subtask is refused with what it gave, of %d", (to) => {
    expect(() =>
      reachedBy({
        divide: (n) =>
          n.partitionCustom(
            () => 3,
            (value) => value,
          ),
        to,
      }),
    ).toThrow(`process-1: the partitioner gave 3; expected a subtask, from 0 to ${to - 1}`);
  });
});

describe("time over divided streams", () => {
  /** Each subtask of `stamped` knows its own time. */
  function job(snapshot?: TaskSnapshot, parallelism = 2) {
    const env = new StreamEnvironment();
    const numbers = env.source<number>("numbers", { watermarks: ascendingTimestamps() });
    const seen = observe(
      numbers
        .partitionCustom(
          (n: number, subtasks) => n % subtasks,
          (n) => n,
        )
        .assignTimestampsAndWatermarks({ timestamp: (n) => n, watermarks: ascendingTimestamps() })
        .rescale()
        .map((n) => n),
    );
    const task = env.createTask({ parallelism, ...(snapshot === undefined ? {} : { snapshot }) });
    return { seen, task, push: (n: number) => task.push(numbers, n, 0) };
  }

  // S11.3
  test("time is the least of the subtasks'", () => {
    const { seen, push } = job();
    for (const n of [4, 6, 9, 8, 11]) push(n);
    expect(seen.splice(0)).toEqual(["4@4", "6@6", "9@9", "|5", "8@8", "|7", "11@11"]);
  });

  // S11.25
  test("a snapshot has each subtask's time", () => {
    const before = job();
    for (const n of [4, 9]) before.push(n);
    const after = job(JSON.parse(JSON.stringify(before.task.snapshot())) as TaskSnapshot);
    for (const { seen, push } of [before, after]) {
      seen.splice(0);
      push(12);
      expect(seen).toEqual(["12@12", "|8"]);
    }
  });

  test("at another parallelism each goes on from what all had come to", () => {
    const before = job();
    for (const n of [4, 9]) before.push(n);
    const { seen, push } = job(before.task.snapshot(), 3);
    for (const n of [6, 7, 8]) push(n);
    expect(seen).toEqual(["6@6", "7@7", "8@8", "|5"]);
  });
});

// S11.25
describe("a snapshot of several subtasks", () => {
  const seen = valueState<number>({ name: "seen" });

  /** Each subtask counts what it gets. */
  const counting = (): ProcessFunction<string, string> => {
    let count: ValueState<number>;
    let subtask: number;
    return {
      open(context) {
        count = context.operatorState(seen);
        subtask = context.subtask;
      },
      processElement(value, context) {
        count.update((count.value() ?? 0) + 1);
        context.collect(`${value}, ${count.value()} of ${subtask}`);
      },
    };
  };

  function job(divide: (letters: DataStream<string>) => PartitionedStream<string>, snapshot?: TaskSnapshot, to = 2) {
    const env = new StreamEnvironment();
    const letters = env.source<string>("letters");
    const out = observe(divide(letters).process(counting).setParallelism(to));
    const task = env.createTask(snapshot === undefined ? {} : { snapshot });
    return { task, push: (text: string) => text.split("").forEach((letter) => task.push(letters, letter, 0)), out };
  }

  test.each<[name: string, divide: (letters: DataStream<string>) => PartitionedStream<string>]>([
    ["in turn", (letters) => letters.rebalance()],
    ["shuffled", (letters) => letters.shuffle({ seed: 5 })],
  ])("has the state of each, and whose turn it is: %s", (_, divide) => {
    const whole = job(divide);
    whole.push("abcdefghi");
    const first = job(divide);
    first.push("abcde");
    const second = job(divide, JSON.parse(JSON.stringify(first.task.snapshot())) as TaskSnapshot);
    second.push("fghi");
    const records = (out: string[]): string[] => out.filter((text) => text.includes("@"));
    expect([...records(first.out), ...records(second.out)]).toEqual(records(whole.out));
  });

  test("goes on with more of them, and is refused where state would be lost", () => {
    const first = job((letters) => letters.rebalance());
    first.push("abc");
    const more = job((letters) => letters.rebalance(), first.task.snapshot(), 3);
    more.push("def");
    expect(more.out.slice(-3)).toEqual(["d, 3 of 0@0", "e, 2 of 1@0", "f, 1 of 2@0"]);
    expect(() => job((letters) => letters.rebalance(), first.task.snapshot(), 1)).toThrow(
      "process-1: the state `seen` in the snapshot is of 2 subtasks, and cannot be divided among 1",
    );
  });
});

// S11.20, S11.23
test("every subtask has the whole of broadcast state, also of other numbers of them", () => {
  const limits = mapState<string, number>({ name: "limits" });
  const job = (parallelism: number, snapshot?: TaskSnapshot) => {
    const env = new StreamEnvironment();
    const numbers = env.source<number>("numbers");
    const limit = env.source<number>("limit");
    const seen: string[] = [];
    numbers
      .rebalance()
      .connect(limit.broadcast(limits))
      .process<string>(() => {
        let subtask: number;
        return {
          open: (context) => void (subtask = context.subtask),
          processElement: (n, context) =>
            context.collect(`${n} of ${context.broadcastState(limits).get("most")} in ${subtask}`),
          processBroadcastElement: (most, context) => context.broadcastState(limits).put("most", most),
        };
      })
      .setParallelism(parallelism)
      .sinkTo((text) => void seen.push(text));
    const task = env.createTask(snapshot === undefined ? {} : { snapshot });
    return { task, seen, limit: (n: number) => task.push(limit, n, 0), push: (n: number) => task.push(numbers, n, 0) };
  };
  const two = job(2);
  two.limit(5);
  for (const n of [1, 2]) two.push(n);
  expect(two.seen).toEqual(["1 of 5 in 0", "2 of 5 in 1"]);
  const three = job(3, JSON.parse(JSON.stringify(two.task.snapshot())) as TaskSnapshot);
  for (const n of [3, 4, 5]) three.push(n);
  expect(three.seen).toEqual(["3 of 5 in 2", "4 of 5 in 0", "5 of 5 in 1"]);
});

// S11.23
test("a keyed operator may say how many it has, whatever the task", () => {
  const env = new StreamEnvironment();
  const numbers = env.source<number>("numbers");
  const seen = new Set<string>();
  numbers
    .keyBy((n) => n)
    .process<never>(() => {
      let place: string;
      return {
        open: ({ subtask, parallelism }) => void (place = `${subtask} of ${parallelism}`),
        processElement: () => void seen.add(place),
      };
    })
    .setParallelism(3);
  const task = env.createTask({ parallelism: 2 });
  for (let n = 0; n < 50; n++) task.push(numbers, n, 0);
  expect([...seen].sort((a, b) => a.localeCompare(b))).toEqual(["0 of 3", "1 of 3", "2 of 3"]);
});
