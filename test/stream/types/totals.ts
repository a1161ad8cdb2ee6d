/** Sums are of numbers, extremes of what has an order; a field gives records, a function what it gives. */

import { tumblingWindows } from "../../../src/stream/index.ts";
import { carries, sales, salesByShop, type Sale } from "./programs.ts";

const byDay = salesByShop.window(tumblingWindows({ size: 86_400_000 }));
const all = sales.windowAll(tumblingWindows({ size: 86_400_000 }));

carries(salesByShop.sum("amount")).exactly<Sale>();
carries(salesByShop.sum(({ amount }) => amount)).exactly<number>();
carries(salesByShop.max(({ shop }) => shop)).exactly<string>();
carries(salesByShop.minBy("shop")).exactly<Sale>();
carries(byDay.min("till")).exactly<Sale>();
carries(byDay.max(({ till }) => till)).exactly<number>();
carries(all.maxBy(({ amount }) => -amount, { ties: "last" })).exactly<Sale>();

// @ts-expect-error a shop is a text
salesByShop.sum("shop");
// @ts-expect-error there is no such field
salesByShop.sum("price");
// @ts-expect-error a function that gives a text is none of numbers
salesByShop.sum(({ shop }) => shop);
// @ts-expect-error true and false have no order
byDay.min("paid");
// @ts-expect-error nor do they in a function
byDay.max(({ paid }) => paid);
// @ts-expect-error nor does a record
all.maxBy((sale) => sale);
// @ts-expect-error of equal ones, the first or the last
all.minBy("amount", { ties: "any" });
