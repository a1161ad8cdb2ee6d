/** Keys are JSON, and streams meet by keys of one type. */

import { tumblingWindows } from "../../../src/stream/index.ts";
import { carries, refunds, refundsByShop, refundsByTill, sales, salesByShop } from "./programs.ts";

const day = tumblingWindows({ size: 86_400_000 });

// @ts-expect-error a date is no JSON
sales.keyBy(() => new Date());
// @ts-expect-error a name is no function
sales.keyBy("shop");
// @ts-expect-error a record has no such field
sales.keyBy(({ city }) => city);

salesByShop.process<string>(() => ({
  processElement(sale, context) {
    const shop: string = context.key;
    // @ts-expect-error the key was declared a text
    const till: number = context.key;
    context.collect(`${shop} ${till} ${sale.amount}`);
  },
}));

salesByShop.connect(refundsByShop);
// @ts-expect-error a text and a number are never equal
salesByShop.connect(refundsByTill);
// @ts-expect-error the same of an interval join
salesByShop.intervalJoin(refundsByTill);

const sold = sales.join(refunds).where(({ shop }) => shop);
sold.equalTo(({ shop }) => shop).window(day);
// @ts-expect-error the first stream's key is a text
sold.equalTo(({ till }) => till);
const grouped = sales.coGroup(refunds).where(({ till }) => till);
// @ts-expect-error the first stream's key is a number
grouped.equalTo(({ shop }) => shop);

const both = sales.connect(refunds);
both.keyBy(
  ({ shop }) => shop,
  ({ shop }) => shop,
);
both.keyBy(
  ({ shop }) => shop,
  // @ts-expect-error the first stream's key is a text
  ({ till }) => till,
);

carries(
  sold
    .equalTo(({ shop }) => shop)
    .window(day)
    .apply((sale, refund) => sale.amount + refund.reason.length),
).exactly<number>();
