/** Two streams that meet: where they come out of the graph, and by which keys. */

import type { Json } from "../../core/event.ts";
import type { KeysOfTwo } from "../graph/key-selector.ts";
import type { StreamEnd } from "./stream-end.ts";

export interface TwoEnds {
  readonly first: StreamEnd;
  readonly second: StreamEnd;
}

export interface KeyedTwo<A, B, K extends Json> {
  readonly ends: TwoEnds;
  readonly keys: KeysOfTwo<K, A, B>;
}
