/** Two streams by key, joined within an interval of event time. */

import { describe, expect, test } from "@jest/globals";
import {
  outputTag,
  StreamEnvironment,
  type Codec,
  type IntervalJoined,
  type TaskSnapshot,
} from "../../src/stream/index.ts";
import { observe } from "./observed.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
}

type Joined = IntervalJoined<Reading, Reading, string>;

interface Case {
  readonly lower: number;
  readonly upper: number;
  readonly joined?: (join: Joined) => Joined;
}

const lateLeft = outputTag<Reading>("late left");
const lateRight = outputTag<Reading>("late right");
const key = (reading: Reading): string => reading.key;

class Job {
  readonly seen: string[];
  readonly task;
  readonly #left;
  readonly #right;

  constructor({ lower, upper, joined = (join) => join }: Case, snapshot?: TaskSnapshot) {
    const env = new StreamEnvironment();
    const left = (this.#left = env.source<Reading>("left", { timestamp: ({ at }) => at }));
    const right = (this.#right = env.source<Reading>("right", { timestamp: ({ at }) => at }));
    const pairs = joined(left.keyBy(key).intervalJoin(right.keyBy(key)).between(lower, upper))
      .process<string>(() => ({
        processElement: (one, other, context) => context.collect(`${context.key}${one.at}-${other.at}`),
      }))
      .named("joined");
    const late = [pairs.sideOutput(lateLeft), pairs.sideOutput(lateRight)];
    this.seen = observe(pairs.union(...late.map((side) => side.map(({ at }) => `late ${at}`))));
    this.task = env.createTask(snapshot === undefined ? {} : { snapshot });
  }

  /** `a5` is a record of the left stream with key a at 5, `A5` one of the right, `|9` a watermark of both. */
  run(input: string): this {
    for (const step of input.split(" ")) {
      const at = Number(step.slice(1));
      if (step === "end") this.task.end();
      else if (step.startsWith("|")) {
        for (const source of [this.#left, this.#right]) this.task.input(source).advanceWatermark(at);
      } else this.task.push(step[0]! < "a" ? this.#right : this.#left, { key: step[0]!.toLowerCase(), at });
    }
    return this;
  }

  records(): string[] {
    return this.seen.splice(0).filter((text) => text.includes("@"));
  }

  status() {
    return this.task.status().operators["joined"]!;
  }
}

function check(join: Case, input: string, expected: readonly string[]): void {
  expect(new Job(join).run(input).records()).toEqual(expected);
}

// S11.36
describe("an interval join", () => {
  test("pairs what lies in the interval, both ends included; the result has the later time", () => {
    check({ lower: -2, upper: 1 }, "a5 A2 A3 A6 A7", ["a5-3@5", "a5-6@6"]);
  });

  test("whichever comes first", () => {
    check({ lower: -2, upper: 1 }, "A2 A3 A6 A7 a5", ["a5-3@5", "a5-6@6"]);
  });

  test("of equal keys only", () => {
    check({ lower: 0, upper: 5 }, "a1 B2 A3", ["a1-3@3"]);
  });

  test("each record with each, in the order of time", () => {
    check({ lower: 0, upper: 5 }, "a2 a1 a1 A3", ["a1-3@3", "a1-3@3", "a2-3@3"]);
  });

  test("with ends that do not belong", () => {
    const joined = (join: Joined): Joined => join.lowerBoundExclusive().upperBoundExclusive();
    check({ lower: -2, upper: 2, joined }, "a5 A3 A4 A6 A7", ["a5-4@5", "a5-6@6"]);
  });

  test("with an interval that lies wholly before, or wholly after", () => {
    check({ lower: -5, upper: -3 }, "a9 A3 A4 A6 A7", ["a9-4@9", "a9-6@9"]);
    check({ lower: 3, upper: 5 }, "a1 A3 A4 A6 A7", ["a1-4@4", "a1-6@6"]);
  });

  test("what is behind the watermark is late, and is dropped and counted", () => {
    const job = new Job({ lower: -5, upper: 5 }).run("a5 |8 A7 A8");
    expect(job.records()).toEqual(["a5-8@8"]);
    expect(job.status().lateRecordsDropped).toBe(1);
  });

  test("or goes to a side output, of each stream", () => {
    const joined = (join: Joined): Joined => join.sideOutputLeftLateData(lateLeft).sideOutputRightLateData(lateRight);
    check({ lower: -5, upper: 5, joined }, "a5 |8 A7 a6 A9", ["late 7@7", "late 6@6", "a5-9@9"]);
  });

  test.each<[what: string, interval: Case, input: string, until: number]>([
    ["a left record stays until the upper bound after it", { lower: -2, upper: 3 }, "a5", 8],
    ["a right one until the lower bound before it", { lower: -2, upper: 3 }, "A5", 7],
    ["a left one goes at once where nothing later belongs to it", { lower: -5, upper: -3 }, "a5", 5],
    ["a right one then stays", { lower: -5, upper: -3 }, "A5", 10],
  ])("state is let go: %s", (_, interval, input, until) => {
    const job = new Job(interval).run(input).run(`|${until - 1}`);
    expect(job.status()).toMatchObject({ keys: 1, timers: 1 });
    expect(job.run(`|${until}`).status()).toMatchObject({ keys: 0, timers: 0 });
  });

  test("goes on from a snapshot", () => {
    const interval = { lower: -5, upper: 5 };
    const before = new Job(interval).run("a5 b6 A7");
    const snapshot = JSON.parse(JSON.stringify(before.task.snapshot())) as TaskSnapshot;
    const after = new Job(interval, snapshot);
    for (const job of [before, after]) expect(job.run("B8 a9 end").records().slice(-2)).toEqual(["b6-8@8", "a9-7@9"]);
    expect(after.status()).toMatchObject({ keys: 0, timers: 0 });
  });

  test("of records that are no JSON, by codecs", () => {
    const codec: Codec<bigint> = { encode: String, decode: (json) => BigInt(json as string) };
    const job = (snapshot?: TaskSnapshot) => {
      const env = new StreamEnvironment();
      const numbers = env.source<bigint>("numbers");
      const texts = env.source<string>("texts");
      const joined = numbers
        .keyBy((n) => String(n))
        .intervalJoin(texts.keyBy((text) => text))
        .between(-5, 5)
        .codecs({ first: codec })
        .process<string>(() => ({ processElement: (n, text, context) => context.collect(`${n + 1n} ${text}`) }));
      const seen = observe(joined);
      const task = env.createTask(snapshot === undefined ? {} : { snapshot });
      return { task, numbers, texts, seen };
    };
    const before = job();
    before.task.push(before.numbers, 10n ** 20n, 1);
    const after = job(JSON.parse(JSON.stringify(before.task.snapshot())) as TaskSnapshot);
    after.task.push(after.texts, "100000000000000000000", 2);
    expect(after.seen).toEqual(["100000000000000000001 100000000000000000000@2"]);
  });
});

test.each<[what: string, build: () => unknown, message: string]>([
  [
    "an interval in which nothing lies",
    () => new Job({ lower: 1, upper: 0 }),
    "an interval join is between 1 and 0 ms, where nothing lies; expected a lower bound that is not greater",
  ],
  [
    "a bound that is no time",
    () => new Job({ lower: -Infinity, upper: 0 }),
    "the lower bound of an interval join is -Infinity; expected a whole number of milliseconds",
  ],
])("refused: %s", (_, build, message) => {
  expect(build).toThrow(message);
});
