/**
 * The text of a chunk: its records in runs. Events that came together to one stream are a run, which says once what they share,
 * and holds their data as it came: what a client has written is not written anew, and a chunk is mostly that.
 *
 *     {"base":7,"runs":[{"stream":"logins","at":1000,"times":[990,5],"data":[{"user":"ann"},{"user":"bob"}]}]}
 */

import type { JsonObject } from "../core/event.ts";
import type { EventRecord, LogRecord } from "../engine/log/log-record.ts";

type OtherRecord = Exclude<LogRecord, EventRecord>;

interface Chunk {
  /** Offset of the first record; the others' follow. */
  readonly base: number;
  readonly runs: readonly (EventRun | OtherRun)[];
}

interface EventRun {
  readonly stream: string;
  readonly at: number;
  readonly partition?: string;
  /** Event time of the first, and how much later each is than the one before; absent where all are the time of arrival. */
  readonly times?: readonly number[];
  readonly ids?: readonly string[];
  readonly data: readonly JsonObject[];
}

interface OtherRun {
  readonly records: readonly OtherRecord[];
}

/** `texts[i]` says what the data of `records[i]` says, where it is at hand. */
export function chunkText(records: readonly LogRecord[], texts: readonly (string | undefined)[]): string {
  const runs: string[] = [];
  for (let from = 0; from < records.length;) {
    const to = endOfRun(records, from);
    const run = records.slice(from, to);
    runs.push(areEvents(run) ? eventRun(run, texts.slice(from, to)) : JSON.stringify({ records: run }));
    from = to;
  }
  return `{"base":${records[0]!.offset},"runs":[${runs.join(",")}]}`;
}

export function recordsIn(text: string): readonly LogRecord[] {
  const { base, runs } = JSON.parse(text) as Chunk;
  const records: LogRecord[] = [];
  for (const run of runs) {
    if ("records" in run) for (const record of run.records) records.push(record);
    else for (const record of eventsOf(run, base + records.length)) records.push(record);
  }
  return records;
}

/** The place after the last record that stands beside `records[from]`. */
function endOfRun(records: readonly LogRecord[], from: number): number {
  const first = records[from]!;
  let to = from + 1;
  while (to < records.length && isBeside(records[to]!, first)) to++;
  return to;
}

function isBeside(record: LogRecord, first: LogRecord): boolean {
  if (record.kind !== "event" || first.kind !== "event") return record.kind !== "event" && first.kind !== "event";
  return (
    record.stream === first.stream &&
    record.at === first.at &&
    record.partition === first.partition &&
    (record.id === undefined) === (first.id === undefined)
  );
}

/** A run is of one kind. */
function areEvents(run: readonly LogRecord[]): run is readonly EventRecord[] {
  return run[0]!.kind === "event";
}

function eventRun(events: readonly EventRecord[], texts: readonly (string | undefined)[]): string {
  const { stream, at, partition, id } = events[0]!;
  const shared = JSON.stringify({
    stream,
    at,
    ...(partition !== undefined && { partition }),
    ...(events.some(({ time }) => time !== at) && { times: differences(events) }),
    ...(id !== undefined && { ids: events.map((event) => event.id) }),
  });
  const data = events.map((event, i) => texts[i] ?? JSON.stringify(event.data));
  return `${shared.slice(0, -1)},"data":[${data.join(",")}]}`;
}

function differences(events: readonly EventRecord[]): number[] {
  let before = 0;
  return events.map(({ time }) => {
    const difference = time - before;
    before = time;
    return difference;
  });
}

function eventsOf({ stream, at, partition, times, ids, data }: EventRun, from: number): EventRecord[] {
  let time = times === undefined ? at : 0;
  return data.map((each, i): EventRecord => {
    if (times !== undefined) time += times[i]!;
    const record: EventRecord = { kind: "event", offset: from + i, stream, time, at, data: each };
    if (ids === undefined && partition === undefined) return record;
    return { ...record, ...(ids !== undefined && { id: ids[i]! }), ...(partition !== undefined && { partition }) };
  });
}
