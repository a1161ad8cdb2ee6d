import { expect, test } from "@jest/globals";
import {
  ascendingTimestamps,
  boundedOutOfOrderness,
  mapState,
  outputTag,
  StreamEnvironment,
} from "../../src/stream/index.ts";

function example(): StreamEnvironment {
  const env = new StreamEnvironment();
  const limits = mapState<string, number>({ name: "limits" });
  const payments = env.source<{ card: string; amount: number }>("payments", {
    watermarks: boundedOutOfOrderness(90_000),
  });
  const rules = env.source<number>("rules", { watermarks: ascendingTimestamps() });
  const checked = payments
    .filter(({ amount }) => amount > 0)
    .keyBy(({ card }) => card)
    .connect(rules.broadcast(limits))
    .process<string>(() => ({ processElement() {}, processBroadcastElement() {} }))
    .named('over "limit"');
  checked
    .sideOutput(outputTag("late"))
    .sinkTo(() => {})
    .named("late");
  return env;
}

test("a graph prints as text, a line per operator", () => {
  expect(example().graph.toText()).toBe(
    [
      "payments      source, watermarks bounded 1m30s",
      "rules         source, watermarks ascending",
      "filter-1      filter                            <- payments",
      'over "limit"  process                           <- filter-1 by key, rules broadcast',
      'late          sink                              <- over "limit" side output late',
      "",
    ].join("\n"),
  );
});

test("a graph prints as a Mermaid flowchart", () => {
  expect(example().graph.toMermaid()).toBe(
    [
      "flowchart LR",
      '  n0["payments<br/>source, watermarks bounded 1m30s"]',
      '  n1["rules<br/>source, watermarks ascending"]',
      '  n2["filter-1<br/>filter"]',
      "  n0 --> n2",
      '  n3["over #34;limit#34;<br/>process"]',
      '  n2 -->|"by key"| n3',
      '  n1 -->|"broadcast"| n3',
      '  n4["late<br/>sink"]',
      '  n3 -->|"side output late"| n4',
      "",
    ].join("\n"),
  );
});

test("a graph tells how streams are divided, and among how many", () => {
  const env = new StreamEnvironment();
  const numbers = env.source<number>("numbers");
  numbers
    .rebalance()
    .map((n) => n)
    .setParallelism(4)
    .partitionCustom(
      (n: number, parallelism) => n % parallelism,
      (n) => n,
    )
    .filter(Boolean)
    .shuffle()
    .union(numbers.broadcast());
  expect(env.graph.toText()).toBe(
    [
      "numbers   source, watermarks explicit",
      "map-1     map, 4 subtasks              <- numbers rebalance",
      "filter-1  filter                       <- map-1 by a partitioner",
      "union-1   union                        <- filter-1 shuffle, numbers broadcast",
      "",
    ].join("\n"),
  );
});

test("two operators of one name are refused", () => {
  const stream = example().source<number>("more");
  expect(() => stream.map((n) => n).named("payments")).toThrow(
    'two operators are named "payments": the other is a source, watermarks bounded 1m30s',
  );
});

test("streams of different graphs do not meet", () => {
  const [one, other] = [example().source<number>("one"), example().source<number>("other")];
  expect(() => one.union(other)).toThrow("other and one belong to different graphs");
});
