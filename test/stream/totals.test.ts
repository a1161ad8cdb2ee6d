/** Sums and extremes, rolling and in windows. */

import { describe, expect, test } from "@jest/globals";
import {
  boundedOutOfOrderness,
  countEvictor,
  sessionWindows,
  slidingWindows,
  StreamEnvironment,
  tumblingWindows,
  type Codec,
  type DataStream,
  type KeyedStream,
  type TaskSnapshot,
  type WindowedStream,
} from "../../src/stream/index.ts";
import { observe } from "./observed.ts";

interface Sale {
  readonly shop: string;
  readonly id: number;
  readonly amount: number;
}

type Sales = KeyedStream<Sale, string>;

function job<R>(build: (sales: DataStream<Sale>) => DataStream<R>, snapshot?: TaskSnapshot) {
  const env = new StreamEnvironment();
  const sales = env.source<Sale>("sales", { timestamp: ({ id }) => id, watermarks: boundedOutOfOrderness(100) });
  const seen = observe(build(sales));
  const task = env.createTask(snapshot === undefined ? {} : { snapshot });
  return { task, seen, push: (sale: Sale) => task.push(sales, sale) };
}

/** `a5 b3` are sales of 5 in shop a and of 3 in b, numbered from 1 on; a sale is told as `a#1=5`. */
function check<R>(build: (sales: DataStream<Sale>) => DataStream<R>, input: string, expected: string): void {
  const { task, seen, push } = job((sales) => build(sales).map((value) => (isSale(value) ? told(value) : value)));
  for (const [index, step] of input.split(" ").entries()) {
    push({ shop: step[0]!, id: index + 1, amount: Number(step.slice(1)) });
  }
  task.end();
  const records = seen.filter((text) => text.includes("@")).map((text) => text.split("@")[0]);
  expect(records.join(" ")).toBe(expected);
}

const byShop = (sales: DataStream<Sale>): Sales => sales.keyBy(({ shop }) => shop);
const isSale = (value: unknown): value is Sale => typeof value === "object" && value !== null && "shop" in value;
const told = ({ shop, id, amount }: Sale): string => `${shop}#${id}=${amount}`;

// S11.33
describe("after each record of a key", () => {
  const input = "a5 a3 b7 a3 a8";

  test.each<[what: string, build: (sales: Sales) => DataStream<unknown>, expected: string]>([
    ["sum of a field: the first record with it", (sales) => sales.sum("amount"), "a#1=5 a#1=8 b#3=7 a#1=11 a#1=19"],
    ["sum of what is given", (sales) => sales.sum(({ amount }) => amount * 2), "10 16 14 22 38"],
    ["min of a field: the first record with it", (sales) => sales.min("amount"), "a#1=5 a#1=3 b#3=7 a#1=3 a#1=3"],
    ["min of what is given", (sales) => sales.min(({ amount }) => amount), "5 3 7 3 3"],
    ["max of a field: the first record with it", (sales) => sales.max("amount"), "a#1=5 a#1=5 b#3=7 a#1=5 a#1=8"],
    ["max of texts", (sales) => sales.max(({ shop, id }) => `${shop}${id}`), "a1 a2 b3 a4 a5"],
    ["minBy: the record, the first of equal ones", (sales) => sales.minBy("amount"), "a#1=5 a#2=3 b#3=7 a#2=3 a#2=3"],
    [
      "minBy: the last of equal ones",
      (sales) => sales.minBy("amount", { ties: "last" }),
      "a#1=5 a#2=3 b#3=7 a#4=3 a#4=3",
    ],
    ["maxBy", (sales) => sales.maxBy(({ amount }) => amount), "a#1=5 a#1=5 b#3=7 a#1=5 a#5=8"],
    [
      "maxBy: the last of equal ones",
      (sales) => sales.maxBy(({ shop }) => shop, { ties: "last" }),
      "a#1=5 a#2=3 b#3=7 a#4=3 a#5=8",
    ],
  ])("%s", (_, build, expected) => {
    check((sales) => build(byShop(sales)), input, expected);
  });

  test("what is no JSON is kept by a codec", () => {
    const codec: Codec<bigint> = { encode: String, decode: (json) => BigInt(json as string) };
    const reduced = (snapshot?: TaskSnapshot) => {
      const env = new StreamEnvironment();
      const numbers = env.source<bigint>("numbers");
      const sums = numbers.keyBy(() => "all").reduce((a, b) => a + b, { codec });
      const seen = observe(sums.map(String));
      const task = env.createTask(snapshot === undefined ? {} : { snapshot });
      return { task, seen, push: (n: bigint) => task.push(numbers, n, 0) };
    };
    const before = reduced();
    before.push(10n ** 20n);
    const after = reduced(JSON.parse(JSON.stringify(before.task.snapshot())) as TaskSnapshot);
    after.push(1n);
    expect(after.seen).toEqual(["idle", "100000000000000000001@0"]);
  });

  test("a snapshot has what they have come to", () => {
    const before = job((sales) => byShop(sales).sum("amount"));
    before.push({ shop: "a", id: 1, amount: 5 });
    const after = job((sales) => byShop(sales).sum("amount"), before.task.snapshot());
    after.push({ shop: "a", id: 2, amount: 6 });
    expect(after.seen[0]).toBe('{"shop":"a","id":1,"amount":11}@2');
  });
});

// S11.33
describe("in windows", () => {
  const windowed = (build: (windows: WindowedStream<Sale, string>) => DataStream<unknown>) => (sales: Sales) =>
    build(sales.window(tumblingWindows({ size: 10 })));

  test.each<[what: string, build: (sales: Sales) => DataStream<unknown>, expected: string]>([
    ["sum of a field", windowed((sales) => sales.sum("amount")), "a#1=11 b#3=7"],
    ["sum of what is given", windowed((sales) => sales.sum(({ amount }) => amount)), "11 7"],
    ["min", windowed((sales) => sales.min("amount")), "a#1=3 b#3=7"],
    ["max", windowed((sales) => sales.max(({ amount }) => amount)), "5 7"],
    ["minBy", windowed((sales) => sales.minBy("amount")), "a#2=3 b#3=7"],
    ["minBy, the last of equal ones", windowed((sales) => sales.minBy("amount", { ties: "last" })), "a#4=3 b#3=7"],
    ["maxBy", windowed((sales) => sales.maxBy("amount")), "a#1=5 b#3=7"],
    [
      "of the records that an evictor leaves",
      windowed((sales) => sales.evictor(countEvictor(2)).sum("amount")),
      "a#2=6 b#3=7",
    ],
    ["of sessions that become one", (sales) => sales.window(sessionWindows({ gap: 3 })).sum("amount"), "b#3=7 a#1=11"],
    [
      "of windows that share panes",
      (sales) => sales.window(slidingWindows({ size: 4, every: 2 })).minBy("amount", { ties: "last" }),
      "a#1=5 a#2=3 b#3=7 a#4=3 b#3=7 a#4=3",
    ],
    ["of so many records", (sales) => sales.countWindow(2).sum("amount"), "a#1=8"],
  ])("%s", (_, build, expected) => {
    check((sales) => build(byShop(sales)), "a5 a3 b7 a3", expected);
  });

  test("records that are no JSON go by the codec of the windows", () => {
    class Money {
      readonly cents: number;
      constructor(cents: number) {
        this.cents = cents;
      }
    }
    const codec: Codec<Money> = { encode: ({ cents }) => cents, decode: (json) => new Money(json as number) };
    const build = (snapshot?: TaskSnapshot) => {
      const env = new StreamEnvironment();
      const money = env.source<Money>("money", { watermarks: boundedOutOfOrderness(0) });
      const windows = money.keyBy(() => "all").window(tumblingWindows({ size: 10 }));
      const seen = observe(windows.codec(codec).maxBy("cents"));
      const task = env.createTask(snapshot === undefined ? {} : { snapshot });
      return { task, seen, push: (cents: number, at: number) => task.push(money, new Money(cents), at) };
    };
    const before = build();
    before.push(7, 1);
    const after = build(JSON.parse(JSON.stringify(before.task.snapshot())) as TaskSnapshot);
    after.push(5, 2);
    after.push(9, 12);
    expect(after.seen).toEqual(["|1", '{"cents":7}@9', "|11"]);
  });
});

// S11.34
describe("windows of all records", () => {
  const all = (build: (windows: WindowedStream<Sale, null>) => DataStream<unknown>) => (sales: DataStream<Sale>) =>
    build(sales.windowAll(tumblingWindows({ size: 3 })));

  test.each<[what: string, build: (sales: DataStream<Sale>) => DataStream<unknown>, expected: string]>([
    ["sum", all((windows) => windows.sum(({ amount }) => amount)), "8 10"],
    ["reduce", all((windows) => windows.reduce((a, b) => ({ ...a, amount: a.amount * b.amount }))), "a#1=15 b#3=21"],
    [
      "process: the key is null",
      all((windows) =>
        windows.process<string>(() => ({
          process: (sales, context) => context.collect(sales.map(told).join("+")),
          clear: (context) => context.collect(`${context.key} ends ${context.window.end}`),
        })),
      ),
      "a#1=5+a#2=3 null ends 3 b#3=7+a#4=3 null ends 6",
    ],
    ["of so many records", (sales) => sales.countWindowAll(2).sum("amount"), "a#1=8 b#3=10"],
    ["of the last so many, each time", (sales) => sales.countWindowAll(3, 2).sum(({ amount }) => amount), "8 13"],
  ])("%s", (_, build, expected) => {
    check(build, "a5 a3 b7 a3", expected);
  });
});

describe("what cannot be added up or compared is refused, with the place", () => {
  test.each<[what: string, build: (sales: Sales) => DataStream<unknown>, message: string]>([
    [
      "a field that a record has not",
      (sales) => sales.sum("price" as never),
      "sum behind sales, `price`: a record has undefined; expected a finite number",
    ],
    [
      "what is no number",
      (sales) => sales.sum(({ amount }) => amount / 0),
      "sum behind sales: a record has Infinity; expected a finite number",
    ],
    [
      "what has no order",
      (sales) => sales.window(tumblingWindows({ size: 5 })).maxBy(({ amount }) => (amount - 5) / 0),
      "maxBy behind sales: a record has NaN; expected a number or a text",
    ],
    [
      "no selector",
      (sales) => sales.minBy(3 as never),
      "minBy behind sales was given 3; expected a field, or a function that gives a value",
    ],
  ])("%s", (_, build, message) => {
    const run = (): void => job((sales) => build(byShop(sales))).push({ shop: "a", id: 1, amount: 5 });
    expect(run).toThrow(message);
  });
});
