/** How much of the log is kept: by age and by size, oldest first, and never past what recovery needs (S9.12). */

import { assert } from "../../core/assert.ts";

/** What there is of the log, and the way to make it shorter. */
export interface LogKeeper {
  extent(): Promise<LogExtent>;
  /** The oldest chunks, in order. */
  oldest(limit: number): Promise<readonly LogSegment[]>;
  /**
   * Removes the chunks whose records are all below the offset; gives where the log begins now. The newest chunk stays: by it
   * the log knows its end.
   */
  truncate(options: { readonly before: number }): Promise<number>;
}

export interface LogExtent {
  /** Of the first record that is kept; the end when there is none. */
  readonly start: number;
  /** After the last record. */
  readonly end: number;
  readonly chunks: number;
  /** As stored. */
  readonly bytes: number;
}

export interface LogSegment {
  readonly start: number;
  /** After its last record. */
  readonly end: number;
  readonly bytes: number;
  /** Epoch milliseconds of the commit, not of the events: what happened long ago may have arrived just now. */
  readonly appendedAt: number;
}

export interface LogRetention {
  /** Null: age is no reason. */
  readonly maxAgeMs: number | null;
  /** Null: size is no reason. */
  readonly maxBytes: number | null;
}

/**
 * Where the log is to begin: behind the oldest chunks that are too old, or too much, none of them needed. `floor` is the offset
 * from which the log must stay: the oldest kept checkpoint's, or 0 when there is none.
 */
export function retainedFrom({
  retention,
  extent,
  oldest,
  floor,
  now,
}: {
  readonly retention: LogRetention;
  readonly extent: LogExtent;
  readonly oldest: readonly LogSegment[];
  readonly floor: number;
  readonly now: number;
}): number {
  const { maxAgeMs, maxBytes } = retention;
  let { start: from, bytes } = extent;
  for (const segment of oldest) {
    assert(segment.start === from, "the oldest chunks begin where the log does, without a gap");
    const isTooOld = maxAgeMs !== null && now - segment.appendedAt > maxAgeMs;
    const isTooMuch = maxBytes !== null && bytes > maxBytes;
    if (segment.end > floor || !(isTooOld || isTooMuch)) break;
    from = segment.end;
    bytes -= segment.bytes;
  }
  return from;
}

/** Chunks looked at, and removed, at once. */
const SEGMENTS_AT_ONCE = 1000;

/** Makes the log as short as it may be; gives where it begins. */
export async function trimLog({
  log,
  ...options
}: {
  readonly log: LogKeeper;
  readonly retention: LogRetention;
  readonly floor: number;
  readonly now: number;
}): Promise<number> {
  for (;;) {
    const oldest = await log.oldest(SEGMENTS_AT_ONCE);
    const extent = await log.extent();
    const from = retainedFrom({ ...options, extent, oldest });
    if (from === extent.start) return from;
    const start = await log.truncate({ before: from });
    if (start < from || from !== oldest.at(-1)?.end) return start;
  }
}
