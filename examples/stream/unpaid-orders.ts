/** Orders that are not paid within 15 minutes: a timer that the payment takes back. Those that are go on to a side output. */

import {
  ascendingTimestamps,
  outputTag,
  StreamEnvironment,
  valueState,
  type KeyedProcessFunction,
} from "tripline/stream";
import { consoleSink, execute, fromArray } from "tripline/connect";

interface OrderEvent {
  readonly order: string;
  readonly type: "created" | "paid";
  readonly at: number;
}

const MINUTE = 60_000;
const deadline = valueState<number>({ name: "deadline" });
const paid = outputTag<string>("paid");

const watchPayment = (): KeyedProcessFunction<string, OrderEvent, string> => ({
  processElement({ order, type, at }, context) {
    const due = context.state(deadline);
    if (type === "created") {
      due.update(at + 15 * MINUTE);
      return context.registerEventTimeTimer(at + 15 * MINUTE);
    }
    if (due.value() === undefined) return; // too late, or never ordered
    context.deleteEventTimeTimer(due.value()!);
    due.clear();
    context.sideOutput(paid, `order ${order} is paid`);
  },
  onTimer(at, context) {
    context.state(deadline).clear();
    context.collect(`order ${context.key} is not paid by minute ${at / MINUTE}`);
  },
});

const env = new StreamEnvironment();
const orders = env
  .fromSource(
    "orders",
    fromArray<OrderEvent>([
      { order: "a", type: "created", at: 0 },
      { order: "b", type: "created", at: 2 * MINUTE },
      { order: "a", type: "paid", at: 9 * MINUTE },
      { order: "c", type: "created", at: 10 * MINUTE },
      { order: "b", type: "paid", at: 18 * MINUTE },
      { order: "d", type: "created", at: 26 * MINUTE },
      { order: "c", type: "paid", at: 27 * MINUTE },
    ]),
    { timestamp: ({ at }) => at, watermarks: ascendingTimestamps() },
  )
  .keyBy(({ order }) => order)
  .process(watchPayment);
orders.sinkTo(consoleSink());
orders.sideOutput(paid).sinkTo(consoleSink());
await execute(env).finished;
