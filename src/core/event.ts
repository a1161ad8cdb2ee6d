/**
 * An event: one JSON object that happened at one moment on one stream. Events are immutable; partial matches share
 * them, and an alert quotes them.
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [field: string]: Json;
}

export interface Event {
  readonly stream: string;
  /** Where the event lies in the log; grows by one per record. */
  readonly offset: number;
  /** Unique within the stream: `i:` and the stream's declared `id`, or `n:` and the event's ordinal on the stream. */
  readonly identity: string;
  /** Event time, epoch milliseconds. */
  readonly time: number;
  readonly data: JsonObject;
}

/** Order of processing: by event time, ties by arrival. Negative when `a` goes first. */
export function compareEvents(a: Event, b: Event): number {
  return a.time - b.time || a.offset - b.offset;
}
