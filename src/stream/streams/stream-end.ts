/** Where a stream comes out of the graph, and how the next one is made: what all that is written behind a stream builds upon. */

import type { DataStream } from "./data-stream.ts";
import type { Addition, Origin } from "../graph/origin.ts";

export interface StreamEnd {
  readonly origin: Origin;
  /** Puts an operator there, and gives the stream that comes out of it. */
  add<R>(addition: Addition): DataStream<R>;
}
