/** A payment under 1 followed at once by one over 500 on the same card: a thief who tries a card first. By value state. */

import { ascendingTimestamps, StreamEnvironment, valueState, type KeyedProcessFunction } from "tripline/stream";
import { consoleSink, execute, fromArray } from "tripline/connect";

interface Payment {
  readonly card: string;
  readonly amount: number;
  readonly at: number;
}

const MINUTE = 60_000;
const lastWasSmall = valueState<boolean>({ name: "last was small" });
const forgetAt = valueState<number>({ name: "forget at" });

/** The flag is raised by a small payment, and falls with the next one, or after a minute. */
const smallThenLarge = (): KeyedProcessFunction<string, Payment, string> => ({
  processElement({ card, amount, at }, context) {
    const flag = context.state(lastWasSmall);
    const timer = context.state(forgetAt);
    if (flag.value() === true) {
      if (amount > 500) context.collect(`card ${card}: ${amount} right after a small payment`);
      context.deleteEventTimeTimer(timer.value()!);
      flag.clear();
      timer.clear();
    }
    if (amount >= 1) return;
    flag.update(true);
    timer.update(at + MINUTE);
    context.registerEventTimeTimer(at + MINUTE);
  },
  onTimer(_at, context) {
    context.state(lastWasSmall).clear();
    context.state(forgetAt).clear();
  },
});

const env = new StreamEnvironment();
env
  .fromSource(
    "payments",
    fromArray<Payment>([
      { card: "1111", amount: 0.5, at: 0 },
      { card: "2222", amount: 0.2, at: 1_000 },
      { card: "1111", amount: 710, at: 20_000 },
      { card: "2222", amount: 20, at: 21_000 },
      { card: "2222", amount: 900, at: 22_000 },
      { card: "3333", amount: 0.01, at: 30_000 },
      { card: "1111", amount: 20, at: 100_000 },
      { card: "3333", amount: 600, at: 101_000 },
    ]),
    { timestamp: ({ at }) => at, watermarks: ascendingTimestamps() },
  )
  .keyBy(({ card }) => card)
  .process(smallThenLarge)
  .sinkTo(consoleSink());
await execute(env).finished;
