/** Two streams in one operator. */

import { describe, expect, test } from "@jest/globals";
import {
  ascendingTimestamps,
  outputTag,
  StreamEnvironment,
  valueState,
  type ConnectedStreams,
  type DataStream,
  type KeyedCoProcessFunction,
  type TaskSnapshot,
  type ValueState,
} from "../../src/stream/index.ts";
import { observe } from "./observed.ts";

const timed = { watermarks: ascendingTimestamps() };

/** `a5` is a record of the first stream at 5, `B7` one of the second at 7; what comes out is told as text. */
function check<R>(
  build: (streams: ConnectedStreams<string, number>) => DataStream<R>,
  input: string,
  expected: string,
) {
  const env = new StreamEnvironment();
  const letters = env.source<string>("letters", timed);
  const numbers = env.source<number>("numbers", timed);
  const seen = observe(build(letters.connect(numbers)));
  const task = env.createTask();
  for (const step of input.split(" ")) {
    const at = Number(step.slice(1));
    if (step.startsWith("B")) task.push(numbers, at, at);
    else task.push(letters, step[0]!, at);
  }
  expect(seen.join(" ")).toBe(expected);
}

// S11.30
describe("two streams", () => {
  test("map: each has its own function, and time is the least of theirs", () => {
    check(
      (streams) => streams.map({ map1: (letter) => letter, map2: (number) => `n${number}` }),
      "a1 B3 b4",
      "a@1 n3@3 |0 b@4 |2",
    );
  });

  test("flatMap makes none, one or many of each", () => {
    const flatMap = {
      flatMap1: (letter: string) => [letter, letter],
      flatMap2: (n: number) => (n > 3 ? [String(n)] : []),
    };
    check((streams) => streams.flatMap(flatMap), "a1 B3 B4", "a@1 a@1 |0 4@4");
  });

  test("process has both, state of the operator, and side outputs", () => {
    const sum = valueState<number>({ name: "sum" });
    const letters = outputTag<string>("letters");
    const process = (streams: ConnectedStreams<string, number>) =>
      streams.process<number>(() => {
        let total: ValueState<number>;
        return {
          open: (context) => void (total = context.operatorState(sum)),
          processElement1: (letter, context) => context.sideOutput(letters, `${letter}${total.value() ?? 0}`),
          processElement2(number, context) {
            total.update((total.value() ?? 0) + number);
            context.collect(total.value()!);
          },
        };
      });
    check(process, "a1 B3 B4 b5", "3@3 |0 7@4 |3");
    check((streams) => process(streams).sideOutput(letters), "a1 B3 B4 b5", "a0@1 |0 b7@5 |3");
  });
});

interface Order {
  readonly id: string;
  readonly amount: number;
}

/** An order that is paid within 10 is complete; one that is not is told of by a timer. */
const matching = (): KeyedCoProcessFunction<string, Order, string, string> => {
  const open = valueState<number>({ name: "open" });
  return {
    processElement1({ id, amount }, context) {
      context.state(open).update(amount);
      context.registerEventTimeTimer(context.timestamp + 10);
      context.collect(`${id} ordered`);
    },
    processElement2(_, context) {
      const amount = context.state(open).value();
      context.collect(amount === undefined ? `${context.key} unknown` : `${context.key} paid ${amount}`);
      context.state(open).clear();
    },
    onTimer(_, context) {
      if (context.state(open).value() !== undefined) context.collect(`${context.key} unpaid`);
    },
  };
};

function orders({ parallelism = 1, snapshot }: { parallelism?: number; snapshot?: TaskSnapshot }) {
  const env = new StreamEnvironment();
  const ordered = env.source<Order>("orders", timed);
  const paid = env.source<string>("payments", timed);
  const matched = ordered
    .keyBy(({ id }) => id)
    .connect(paid.keyBy((id) => id))
    .process(matching);
  const seen = observe(matched);
  const task = env.createTask({ parallelism, ...(snapshot === undefined ? {} : { snapshot }) });
  return {
    task,
    seen,
    order: (id: string, at: number) => task.push(ordered, { id, amount: at }, at),
    pay: (id: string, at: number) => task.push(paid, id, at),
  };
}

// S11.30
describe("two streams by key", () => {
  test("share the key's state and timers", () => {
    const { order, pay, seen } = orders({});
    order("x", 1);
    order("y", 2);
    pay("x", 3);
    pay("z", 4);
    order("end", 20);
    pay("end", 20);
    expect(seen.filter((text) => text.includes("@"))).toEqual([
      "x ordered@1",
      "y ordered@2",
      "x paid 1@3",
      "z unknown@4",
      "end ordered@20",
      "end paid 20@20",
      "y unpaid@12",
    ]);
  });

  test("go on from a snapshot at any parallelism", () => {
    const first = orders({ parallelism: 3 });
    for (const [index, id] of ["x", "y", "z"].entries()) first.order(id, index);
    const second = orders({ snapshot: JSON.parse(JSON.stringify(first.task.snapshot())) as TaskSnapshot });
    for (const id of ["x", "y", "z"]) second.pay(id, 5);
    expect(second.seen).toEqual(["x paid 0@5", "|1", "y paid 1@5", "z paid 2@5"]);
  });

  test("map and flatMap have the key's state too", () => {
    const env = new StreamEnvironment();
    const letters = env.source<string>("letters");
    const numbers = env.source<number>("numbers");
    const count = valueState<number>({ name: "count" });
    let state: ValueState<number>;
    const counted = (): number => {
      state.update((state.value() ?? 0) + 1);
      return state.value()!;
    };
    const both = letters.connect(numbers).keyBy(
      (letter) => letter,
      (number) => "abc"[number]!,
    );
    const seen = observe(
      both.map({
        open: (context) => void (state = context.state(count)),
        map1: (letter) => `${letter}${counted()}`,
        map2: (number) => `${number}${counted()}`,
      }),
    );
    const flat = observe(both.flatMap({ flatMap1: (letter) => [letter, letter], flatMap2: () => [] }));
    const task = env.createTask();
    for (const letter of "aba".split("")) task.push(letters, letter, 0);
    for (const number of [0, 1, 2]) task.push(numbers, number, 0);
    expect(seen.slice(1)).toEqual(["a1@0", "b1@0", "a2@0", "03@0", "12@0", "21@0"]);
    expect(flat.slice(1)).toEqual(["a@0", "a@0", "b@0", "b@0", "a@0", "a@0"]);
  });
});

test.each<[what: string, build: (letters: DataStream<string>) => unknown, message: string]>([
  [
    "a function where two are needed",
    (letters) => letters.connect(letters).map((() => 1) as never),
    "map behind letters and letters was given a function; expected an object with `map1` and `map2`",
  ],
  [
    "a key that is none",
    (letters) => letters.connect(letters).keyBy("id" as never, ((x: string) => x) as never),
    'keyBy behind letters and letters was given "id"; expected a function that gives the key',
  ],
  [
    "no factory",
    (letters) => letters.connect(letters).process({ processElement1() {}, processElement2() {} } as never),
    "process behind letters and letters was given an object; expected a function that makes one for each subtask",
  ],
])("refused: %s", (_, build, message) => {
  expect(() => build(new StreamEnvironment().source<string>("letters"))).toThrow(message);
});
