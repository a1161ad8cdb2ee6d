/** A tag says what its side output carries: to whoever writes to it, and to whoever reads it. */

import { outputTag, tumblingWindows, type Tagged } from "../../../src/stream/index.ts";
import { carries, refunds, refundsByShop, sales, salesByShop, type Refund, type Sale } from "./programs.ts";

const large = outputTag<Sale>("large");
const reasons = outputTag<string>("reasons");
const day = tumblingWindows({ size: 86_400_000 });

const split = sales.process<Sale>(() => ({
  processElement(sale, context) {
    context.sideOutput(large, sale);
    // @ts-expect-error the tag carries texts
    context.sideOutput(reasons, sale);
    // @ts-expect-error and the main stream carries sales
    context.collect(sale.amount);
  },
}));
carries(split.sideOutput(large)).exactly<Sale>();
// @ts-expect-error what is read is what the tag says
carries(split.sideOutput(reasons)).exactly<Sale>();

salesByShop.window(day).sideOutputLateData(large);
// @ts-expect-error late records are sales
salesByShop.window(day).sideOutputLateData(reasons);

const windows = sales
  .join(refunds)
  .where(({ shop }) => shop)
  .equalTo(({ shop }) => shop)
  .window(day);
windows.sideOutputLateData(outputTag<Tagged<Sale, Refund>>("late"));
// @ts-expect-error late records are of either stream
windows.sideOutputLateData(large);

const interval = salesByShop.intervalJoin(refundsByShop).between(0, 5);
interval.sideOutputLeftLateData(large);
// @ts-expect-error those of the right stream are refunds
interval.sideOutputRightLateData(large);
// @ts-expect-error it has first to be said how far apart records may be
salesByShop.intervalJoin(refundsByShop).process(() => ({ processElement() {} }));
