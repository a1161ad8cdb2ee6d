/** What the compiler knows of streams; `tsc` is what runs these. */

import { expect, test } from "@jest/globals";
import {
  outputTag,
  StreamEnvironment,
  tumblingWindows,
  type DataStream,
  type OutputTag,
} from "../../src/stream/index.ts";

test("a stream's type follows from its functions", () => {
  const env = new StreamEnvironment();
  const words = env.source<string>("words");
  const lengths: DataStream<number> = words.map((word) => word.length);
  const letters: DataStream<string> = words.flatMap((word) => word.split(""));
  const known: DataStream<"a"> = letters.filter((letter): letter is "a" => letter === "a");
  const counted: DataStream<number> = words
    .keyBy((word) => word.length)
    .window(tumblingWindows({ size: 5 }))
    .aggregate({ createAccumulator: () => 0, add: (_, n) => n + 1, getResult: (n) => n });
  const wider: DataStream<string | number> = lengths;
  const task = env.createTask();

  // @ts-expect-error a source takes what it carries
  expect(() => task.push(words, 5)).toThrow("the time of a record is undefined");
  // @ts-expect-error a stream of numbers is none of strings
  const narrower: DataStream<string> = lengths;
  // @ts-expect-error a tag says what its side output carries
  const side: DataStream<string> = words.sideOutput({ name: "late" } as OutputTag<number>);
  // @ts-expect-error a key is JSON
  words.keyBy(() => new Date());
  words.process(() => ({
    // @ts-expect-error a tag says what its side output takes
    processElement: (word, context) => context.sideOutput(outputTag<number>("lengths"), word),
  }));
  expect([known, counted, wider, narrower, side]).toHaveLength(5);
});
