/** Orders joined with the payments that came for them from one minute before to two minutes after: an interval join. */

import { boundedOutOfOrderness, StreamEnvironment } from "tripline/stream";
import { consoleSink, execute, fromArray } from "tripline/connect";

interface Order {
  readonly order: string;
  readonly item: string;
  readonly at: number;
}

interface Payment {
  readonly order: string;
  readonly amount: number;
  readonly at: number;
}

const MINUTE = 60_000;
const byTime = { timestamp: ({ at }: { at: number }) => at, watermarks: boundedOutOfOrderness(MINUTE) };

const env = new StreamEnvironment();
const orders = env.fromSource(
  "orders",
  fromArray<Order>([
    { order: "a", item: "lamp", at: 10 * MINUTE },
    { order: "b", item: "desk", at: 12 * MINUTE },
    { order: "c", item: "shelf", at: 20 * MINUTE },
  ]),
  byTime,
);
const payments = env.fromSource(
  "payments",
  fromArray<Payment>([
    { order: "b", amount: 5, at: 11 * MINUTE },
    { order: "a", amount: 40, at: 12 * MINUTE },
    { order: "b", amount: 95, at: 13 * MINUTE },
    { order: "a", amount: 1, at: 12 * MINUTE + 1 },
    { order: "c", amount: 60, at: 18 * MINUTE },
  ]),
  byTime,
);

orders
  .keyBy(({ order }) => order)
  .intervalJoin(payments.keyBy(({ order }) => order))
  .between(-MINUTE, 2 * MINUTE)
  .process<string>(() => ({
    processElement({ order, item }, { amount }, context) {
      context.collect(`${order}: ${item}, ${amount} paid`);
    },
  }))
  .sinkTo(consoleSink());
await execute(env).finished;
