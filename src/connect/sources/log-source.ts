/** The records of a log with dense offsets as a source, such as Tripline's own: read from any offset on, any number of times. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Source } from "../../stream/index.ts";

/** What is asked of a log; Tripline's event log is one. */
export interface ReadableLog<R extends LoggedRecord> {
  /** Chunks from the offset on, in order, as far as the log goes now. */
  read(from: number): AsyncIterable<readonly R[]>;
}

export interface LoggedRecord {
  readonly offset: number;
}

export interface LogSourceOptions<R extends LoggedRecord, T> {
  readonly log: ReadableLog<R>;
  /** What a record becomes; undefined passes it over. */
  readonly select: (record: R) => T | undefined;
  /** The first offset that is read. Default: 0. */
  readonly from?: number;
  /** At the log's end it looks again so much later, milliseconds, and has no end itself. Default: it ends where the log does. */
  readonly followEveryMs?: number;
}

/** The position is the next offset. */
export function logSource<R extends LoggedRecord, T>({
  log,
  select,
  from: first = 0,
  followEveryMs,
}: LogSourceOptions<R, T>): Source<T, number> {
  return {
    does: "log",
    boundedness: followEveryMs === undefined ? "bounded" : "unbounded",
    isReplayable: true,
    splits: () => ["0"],
    async *read({ from, signal }) {
      let position = from ?? first;
      for (;;) {
        for await (const records of log.read(position)) {
          if (records.length === 0) continue;
          position = records.at(-1)!.offset + 1;
          yield { values: records.flatMap((record) => selected(record, select)), position };
        }
        if (followEveryMs === undefined || signal.aborted) return;
        await sleep(followEveryMs, undefined, { signal });
      }
    },
  };
}

function selected<R, T>(record: R, select: (record: R) => T | undefined): [T] | [] {
  const value = select(record);
  return value === undefined ? [] : [value];
}
