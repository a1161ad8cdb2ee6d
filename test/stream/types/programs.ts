/** What the types' tests share: streams of a shop. Nothing here is run; `npm run typecheck` is the test. */

import { StreamEnvironment, type DataStream, type KeyedStream } from "../../../src/stream/index.ts";

export interface Sale {
  readonly shop: string;
  readonly till: number;
  readonly amount: number;
  readonly paid: boolean;
}

export interface Refund {
  readonly shop: string;
  readonly till: number;
  readonly reason: string;
}

export const env = new StreamEnvironment();
export const sales = env.source<Sale>("sales");
export const refunds = env.source<Refund>("refunds");
export const salesByShop: KeyedStream<Sale, string> = sales.keyBy(({ shop }) => shop);
export const refundsByShop: KeyedStream<Refund, string> = refunds.keyBy(({ shop }) => shop);
export const refundsByTill: KeyedStream<Refund, number> = refunds.keyBy(({ till }) => till);

/** Compiles where the stream carries exactly that. */
export function carries<T>(stream: DataStream<T>): {
  exactly<X>(...same: Same<T, X> extends true ? [] : [never]): void;
} {
  return { exactly: () => void stream };
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
