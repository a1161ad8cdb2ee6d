/** A parcel: what flows over one edge of the graph from one thread to another, several elements at a time. Plain data. */

import { assert, unreachable } from "../../core/assert.ts";
import type { Json } from "../../core/event.ts";
import { KEY_GROUPS } from "../../core/key-group.ts";
import type { Input } from "../../stream/graph/element.ts";

/** Of each element one item in each, since a thread copies few large things faster than many small ones. */
export interface Parcel {
  /** Which subtask it comes from, and which it goes to. */
  readonly ways: Uint16Array;
  readonly kinds: Uint8Array;
  /** Of a record its time; of a watermark the watermark. */
  readonly times: Float64Array;
  /** Of records alone, in their order; as the text of a JSON array where it was said that they are JSON. */
  readonly values: readonly unknown[] | string;
}

/** `json` is faster, and takes what JSON has and nothing else: no dates, no maps, no `undefined`. */
export type ValueEncoding = "structured" | "json";

/** An operator has no more subtasks than there are key groups. */
export function wayOf({ from, to }: { readonly from: number; readonly to: number }): number {
  return from * KEY_GROUPS + to;
}

type Kind = (typeof KINDS)[number];
const KINDS = ["record", "watermark", "idle", "active"] as const;

/** Elements of a parcel at most: large enough that a message costs little for each, small enough to keep what is under way small. */
const PARCEL_MAX = 512;

/** A parcel that is being packed. Mutable. */
export class OpenParcel {
  readonly #ways = new Uint16Array(PARCEL_MAX);
  readonly #kinds = new Uint8Array(PARCEL_MAX);
  readonly #times = new Float64Array(PARCEL_MAX);
  readonly #encoding: ValueEncoding;
  #values: unknown[] = [];
  #length = 0;

  constructor(encoding: ValueEncoding) {
    this.#encoding = encoding;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  get isFull(): boolean {
    return this.#length === PARCEL_MAX;
  }

  record(way: number, { value, timestamp }: { readonly value: unknown; readonly timestamp: number }): void {
    this.#values.push(value);
    this.#add(way, "record", timestamp);
  }

  watermark(way: number, watermark: number): void {
    this.#add(way, "watermark", watermark);
  }

  idle(way: number, idle: boolean): void {
    this.#add(way, idle ? "idle" : "active", 0);
  }

  /** What has been packed; the next begins empty. */
  seal(): Parcel {
    const length = this.#length;
    const values = this.#values;
    this.#values = [];
    this.#length = 0;
    return {
      ways: this.#ways.slice(0, length),
      kinds: this.#kinds.slice(0, length),
      times: this.#times.slice(0, length),
      values: this.#encoding === "json" ? JSON.stringify(values) : values,
    };
  }

  #add(way: number, kind: Kind, time: number): void {
    assert(!this.isFull, "a full parcel is sealed");
    const at = this.#length++;
    this.#ways[at] = way;
    this.#kinds[at] = KINDS.indexOf(kind);
    this.#times[at] = time;
  }
}

export function unpack({ ways, kinds, times, values }: Parcel, inputOf: (way: number) => Input<unknown>): void {
  const records = typeof values === "string" ? (JSON.parse(values) as Json[]) : values;
  let next = 0;
  for (let i = 0; i < ways.length; i++) {
    const input = inputOf(ways[i]!);
    const kind = KINDS[kinds[i]!]!;
    switch (kind) {
      case "record":
        input.record(records[next++], times[i]!);
        break;
      case "watermark":
        input.watermark(times[i]!);
        break;
      case "idle":
      case "active":
        input.idle(kind === "idle");
        break;
      default:
        unreachable(kind);
    }
  }
}
