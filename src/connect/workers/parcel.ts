/** A parcel: what flows over one edge of the graph from one thread to another, several elements at a time. Plain data. */

import { unreachable } from "../../core/assert.ts";
import { KEY_GROUPS } from "../../core/key-group.ts";
import type { Input, StreamElement } from "../../stream/element.ts";

/** Arrays of the same length, since a thread copies few large things faster than many small ones. */
export interface Parcel {
  /** Which subtask it comes from, and which it goes to. */
  readonly ways: number[];
  readonly kinds: StreamElement<unknown>["kind"][];
  /** Of a record its value; of word of idleness whether it is so. */
  readonly values: unknown[];
  /** Of a record its time; of a watermark the watermark. */
  readonly times: number[];
}

/** An operator has no more subtasks than there are key groups. */
export function wayOf({ from, to }: { readonly from: number; readonly to: number }): number {
  return from * KEY_GROUPS + to;
}

export function emptyParcel(): Parcel {
  return { ways: [], kinds: [], values: [], times: [] };
}

export function unpack({ ways, kinds, values, times }: Parcel, inputOf: (way: number) => Input<unknown>): void {
  for (const [index, way] of ways.entries()) {
    const input = inputOf(way);
    const kind = kinds[index]!;
    switch (kind) {
      case "record":
        input.record(values[index], times[index]!);
        break;
      case "watermark":
        input.watermark(times[index]!);
        break;
      case "idle":
        input.idle(values[index] as boolean);
        break;
      default:
        unreachable(kind);
    }
  }
}
