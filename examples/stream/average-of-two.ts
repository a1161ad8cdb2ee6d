/** The average of every two values of a key: value state that is cleared when it has served. */

import { StreamEnvironment, valueState, type KeyedProcessFunction } from "tripline/stream";
import { consoleSink, execute, fromArray } from "tripline/connect";

interface Sample {
  readonly key: string;
  readonly value: number;
}

const first = valueState<number>({ name: "first" });

const averageOfTwo = (): KeyedProcessFunction<string, Sample, string> => ({
  processElement({ key, value }, context) {
    const waiting = context.state(first);
    const other = waiting.value();
    if (other === undefined) return waiting.update(value);
    context.collect(`${key}: ${(other + value) / 2}`);
    waiting.clear();
  },
});

const env = new StreamEnvironment();
env
  .fromSource(
    "samples",
    fromArray<Sample>([
      { key: "a", value: 3 },
      { key: "a", value: 5 },
      { key: "b", value: 7 },
      { key: "a", value: 4 },
      { key: "b", value: 2 },
      { key: "a", value: 2 },
      { key: "a", value: 9 },
    ]),
  )
  .keyBy(({ key }) => key)
  .process(averageOfTwo)
  .sinkTo(consoleSink());
await execute(env).finished;
