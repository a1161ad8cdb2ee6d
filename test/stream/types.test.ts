/** What the compiler knows of streams; `tsc` is what runs these. */

import { expect, test } from "@jest/globals";
import {
  listState,
  mapState,
  outputTag,
  reducingState,
  sessionWindows,
  StreamEnvironment,
  tumblingWindows,
  valueState,
  type Codec,
  type DataStream,
  type ListState,
  type MergeContext,
  type OperatorContext,
  type OutputTag,
  type ReducingState,
  type StateInitializationContext,
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

test("state is what its descriptor says, and is asked for where there is any", () => {
  const count = valueState<number>({ name: "count" });
  const words = listState<string>({ name: "words" });
  const limits = mapState<string, number>({ name: "limits" });
  const total = reducingState<number>({ name: "total", reduce: (a, b) => a + b });
  const asked = (context: OperatorContext): unknown[] => {
    const split: ListState<string> = context.splitListState(words);
    const map = context.broadcastState(limits);
    return [
      split,
      map,
      // @ts-expect-error a value cannot be divided among subtasks
      () => context.splitListState(count),
      // @ts-expect-error nor can it be a union list
      () => context.unionListState(count),
      // @ts-expect-error a list is no map
      () => context.broadcastState(words),
      // @ts-expect-error a list of words takes no numbers
      () => split.add(5),
      // @ts-expect-error only initializeState knows whether there was a snapshot
      () => context.isRestored,
    ];
  };
  const initialized = (context: StateInitializationContext): boolean => context.isRestored;
  const merged = (context: MergeContext): void => {
    context.mergeState(total);
    context.mergeState(words);
    // @ts-expect-error two values cannot be made one
    context.mergeState(count);
  };
  const opened = new StreamEnvironment().source<string>("words").keyBy((word) => word);
  opened.process<never>(() => ({
    // @ts-expect-error a key's state is of the kind that its descriptor says
    open: (context) => void (context.state(count) as ReducingState<number>),
    processElement: () => {},
  }));
  opened.window(tumblingWindows({ size: 5 })).process<never>(() => ({
    // @ts-expect-error no window is at hand when its function is opened
    open: (context) => void context.windowState(count),
    process: () => {},
  }));
  expect([asked, initialized, merged]).toHaveLength(3);
});

test("windows, triggers and codecs are of what flows", () => {
  const env = new StreamEnvironment();
  const words = env.source<string>("words").keyBy((word) => word.length);
  const dates: Codec<Date> = { encode: (date) => date.getTime(), decode: (json) => new Date(json as number) };
  const windows = words.window(tumblingWindows({ size: 5 }));
  expect(() => [
    // @ts-expect-error a codec of dates has no words
    windows.codec(dates),
    // @ts-expect-error a gap is a number
    words.window(sessionWindows<string>({ gap: (word) => word })),
    // @ts-expect-error a trigger answers with a decision
    windows.trigger({ name: "mine", onElement: () => true, onEventTime: () => "FIRE", onProcessingTime: () => "FIRE" }),
    windows.process<string>(() => ({
      // @ts-expect-error the key is a number
      process: (_, context) => context.collect(context.key),
    })),
  ]).not.toThrow();
});
