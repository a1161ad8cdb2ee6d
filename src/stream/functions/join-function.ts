/** What users write for the pairs of an interval join. Each subtask has its own. */

import type { Json } from "../../core/event.ts";
import type { RichFunction } from "./functions.ts";
import type { KeyedRuntimeContext, ProcessContext } from "./process-function.ts";

/** What is collected has the later of the two records' times. */
export interface JoinContext<K, Out> extends ProcessContext<Out> {
  readonly key: K;
  readonly leftTimestamp: number;
  readonly rightTimestamp: number;
}

export interface ProcessJoinFunction<A, B, Out, K extends Json = Json> extends RichFunction<KeyedRuntimeContext> {
  /** A record of the first stream, and one of the second. */
  processElement(left: A, right: B, context: JoinContext<K, Out>): void;
}
