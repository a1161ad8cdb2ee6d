/** A temperature that rises for one second of processing time: a timer that any fall takes back. */

import { StreamEnvironment, valueState, type KeyedProcessFunction } from "tripline/stream";

interface Reading {
  readonly sensor: string;
  readonly celsius: number;
}

const lastCelsius = valueState<number>({ name: "last" });
const alarmAt = valueState<number>({ name: "alarm at" });

const risingForASecond = (): KeyedProcessFunction<string, Reading, string> => ({
  processElement({ celsius }, context) {
    const last = context.state(lastCelsius).value();
    const alarm = context.state(alarmAt);
    context.state(lastCelsius).update(celsius);
    if (last === undefined || celsius <= last) {
      if (alarm.value() !== undefined) context.deleteProcessingTimeTimer(alarm.value()!);
      return alarm.clear();
    }
    if (alarm.value() !== undefined) return;
    alarm.update(context.processingTime + 1_000);
    context.registerProcessingTimeTimer(context.processingTime + 1_000);
  },
  onTimer(at, context) {
    context.state(alarmAt).clear();
    context.collect(`${at} ms: ${context.key} has been rising for a second`);
  },
});

const env = new StreamEnvironment();
const readings = env.source<Reading>("readings");
readings
  .keyBy(({ sensor }) => sensor)
  .process(risingForASecond)
  .sinkTo((alarm) => console.log(alarm));

// The task has no clock: whoever runs it says what time it is, and a test says it as it likes.
const task = env.createTask();
const told: readonly [ms: number, sensor: string, celsius: number][] = [
  [0, "boiler", 60],
  [200, "boiler", 61],
  [300, "fridge", 4],
  [500, "fridge", 5],
  [700, "boiler", 63],
  [1_100, "fridge", 4],
  [1_250, "boiler", 64],
  [1_600, "fridge", 6],
  [1_900, "boiler", 64],
];
for (const [ms, sensor, celsius] of told) {
  task.advanceProcessingTime(ms);
  task.push(readings, { sensor, celsius }, ms);
}
task.advanceProcessingTime(3_000);
