/** How values that are no JSON lie in snapshots. */

import type { Json } from "../../core/event.ts";

/** Turns what is no JSON into JSON, and back; and what earlier versions of it have written (`jsonCodec` where it is JSON anyway). */
export interface Codec<T> {
  encode(value: T): Json;
  decode(json: Json): T;
  /** What `encode` gives never changes, and need not be copied for a snapshot. Default: false. */
  readonly isImmutable?: boolean;
  /** Of the JSON that `encode` gives. Default: 1. */
  readonly version?: number;
  /** Brings JSON of an earlier version to this one. Without it, snapshots of other versions are refused. */
  migrate?(json: Json, version: number): Json;
}
