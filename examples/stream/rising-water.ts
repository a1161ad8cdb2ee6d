/** A water level that rises for five seconds of event time, and each high level besides, on a side output. */

import {
  boundedOutOfOrderness,
  outputTag,
  StreamEnvironment,
  valueState,
  type KeyedProcessFunction,
} from "tripline/stream";
import { consoleSink, execute, fromArray } from "tripline/connect";

interface Level {
  readonly gauge: string;
  readonly cm: number;
  readonly at: number;
}

const RISING_MS = 5_000;
const HIGH_CM = 100;
const lastCm = valueState<number>({ name: "last" });
const warnAt = valueState<number>({ name: "warn at" });
const high = outputTag<string>("high");

const watchLevel = (): KeyedProcessFunction<string, Level, string> => ({
  processElement({ gauge, cm, at }, context) {
    if (cm > HIGH_CM) context.sideOutput(high, `high: ${gauge} stands at ${cm} cm`);
    const last = context.state(lastCm).value();
    const warning = context.state(warnAt);
    context.state(lastCm).update(cm);
    if (last !== undefined && cm > last) {
      if (warning.value() !== undefined) return;
      warning.update(at + RISING_MS);
      return context.registerEventTimeTimer(at + RISING_MS);
    }
    if (warning.value() !== undefined) context.deleteEventTimeTimer(warning.value()!);
    warning.clear();
  },
  onTimer(at, context) {
    context.state(warnAt).clear();
    context.collect(`rising: ${context.key} has been rising for 5 s at second ${at / 1_000}`);
  },
});

const env = new StreamEnvironment();
const watched = env
  .fromSource(
    "levels",
    fromArray<Level>([
      { gauge: "mill", cm: 80, at: 1_000 },
      { gauge: "mill", cm: 84, at: 2_000 },
      { gauge: "weir", cm: 90, at: 2_500 },
      { gauge: "mill", cm: 95, at: 4_000 },
      { gauge: "weir", cm: 96, at: 4_500 },
      { gauge: "mill", cm: 90, at: 3_000 },
      { gauge: "weir", cm: 93, at: 6_000 },
      { gauge: "mill", cm: 103, at: 7_500 },
      { gauge: "weir", cm: 99, at: 9_000 },
      { gauge: "mill", cm: 101, at: 9_500 },
      { gauge: "weir", cm: 95, at: 10_000 },
    ]),
    { timestamp: ({ at }) => at, watermarks: boundedOutOfOrderness(1_500) },
  )
  .inEventTime()
  .keyBy(({ gauge }) => gauge)
  .process(watchLevel);
watched.sinkTo(consoleSink());
watched.sideOutput(high).sinkTo(consoleSink());
await execute(env).finished;
