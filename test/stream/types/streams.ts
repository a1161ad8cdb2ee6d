/** What comes out of an operator follows from what goes in, and from its function. */

import { mapState, type CoProcessFunction, type DataStream } from "../../../src/stream/index.ts";
import { carries, env, refunds, sales, salesByShop, type Refund, type Sale } from "./programs.ts";

carries(sales.map(({ amount }) => amount)).exactly<number>();
carries(sales.flatMap(({ shop }) => [shop])).exactly<string>();
carries(sales.rebalance().map(({ till }) => till)).exactly<number>();
carries(sales.connect(refunds).map({ map1: ({ shop }) => shop, map2: ({ reason }) => reason })).exactly<string>();
// @ts-expect-error both functions give the same type, unless a wider one is asked for
sales.connect(refunds).map({ map1: ({ shop }) => shop, map2: ({ till }) => till });
sales.connect(refunds).map<string | number>({ map1: ({ shop }) => shop, map2: ({ till }) => till });

const wider: DataStream<{ readonly shop: string }> = sales;
sales.union(sales.filter(({ paid }) => paid));
// @ts-expect-error records of a union are of one type
sales.union(refunds);
// @ts-expect-error what carries more cannot be narrowed
const narrower: DataStream<Sale> = wider;
// @ts-expect-error a source takes what it carries
env.createTask().push(sales, { shop: "a" });

// What is said of the operator before cannot be said behind a division of its stream.
sales.map(String).named("texts").setParallelism(2).rebalance();
// @ts-expect-error the name would be that of the operator before
sales.rebalance().named("texts");
// @ts-expect-error and so would the number of subtasks
sales.shuffle().setParallelism(2);

sales.partitionCustom(
  (till: number, parallelism) => till % parallelism,
  ({ till }) => till,
);
sales.partitionCustom(
  (till: number) => till,
  // @ts-expect-error the partitioner takes a number
  ({ shop }) => shop,
);

// @ts-expect-error a function for one stream only
sales.connect(refunds).map({ map1: String });
const meeting = (): CoProcessFunction<Sale, Refund, string> => ({
  processElement1: ({ shop }, context) => context.collect(shop),
  processElement2: ({ reason }, context) => context.collect(reason),
});
carries(sales.connect(refunds).process(meeting)).exactly<string>();
// @ts-expect-error the streams the other way round
refunds.connect(sales).process(meeting);

const limits = mapState<string, number>({ name: "limits" });
const broadcast = refunds.broadcast(limits);
salesByShop.connect(broadcast).process<number>(() => ({
  processElement({ shop }, context) {
    const limit: number | undefined = context.broadcastState(limits).get(shop);
    // @ts-expect-error only the broadcast side writes
    context.broadcastState(limits).put(shop, 1);
    context.collect(limit ?? 0);
  },
  processBroadcastElement({ shop }, context) {
    context.broadcastState(limits).put(shop, 1);
    // @ts-expect-error the limits are numbers
    context.broadcastState(limits).put(shop, "one");
  },
}));

export { narrower };
