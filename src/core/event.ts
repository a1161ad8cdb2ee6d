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
  /** The identity that the stream declares (`id`); null where it declares none. */
  readonly id: string | null;
  /** The event's place among its stream's accepted events, from 0: its identity where none is declared. */
  readonly ordinal: number;
  /** Event time, epoch milliseconds. */
  readonly time: number;
  readonly data: JsonObject;
}

/** Unique within the stream. */
export function eventIdentity({ id, ordinal }: Event): string {
  return id === null ? `n:${ordinal}` : `i:${id}`;
}

/** Order of processing: by event time, ties by arrival. Negative when `a` goes first. */
export function compareEvents(a: Event, b: Event): number {
  return a.time - b.time || a.offset - b.offset;
}
