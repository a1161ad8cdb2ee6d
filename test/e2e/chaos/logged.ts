/** What the log of a run says: where a client has sent over several connections, only the log knows in which order. */

import { createPool } from "../../../src/store/pool.ts";
import { postgresStores } from "../../../src/store/stores.ts";
import type { LogRecord } from "../../../src/engine/log/log-record.ts";
import type { Output } from "../../../src/index.ts";
import { CalmEngine } from "../../support/calm-engine.ts";
import type { Step } from "./steps.ts";

export async function readLog(url: string): Promise<LogRecord[]> {
  const pool = createPool(url);
  try {
    const records: LogRecord[] = [];
    const { log } = postgresStores({ pool, clock: { now: () => 0 } });
    for await (const chunk of log.read(0)) records.push(...chunk);
    return records;
  } finally {
    await pool.end();
  }
}

/** What an engine makes of it that nothing befalls. */
export function outputsOf(records: readonly LogRecord[]): readonly Output[] {
  const calm = new CalmEngine();
  for (const record of records) calm.apply(record);
  return calm.outputs;
}

/** Each event as the log has it. */
export function eventsIn(records: readonly LogRecord[]): string[] {
  return records.flatMap((record) =>
    record.kind === "event" ? [eventText({ stream: record.stream, ...record.data })] : [],
  );
}

/** Each event as the log is to have it: once, although some are sent twice. */
export function eventsOf(steps: readonly Step[]): string[] {
  const all = steps.flatMap((step) => (step.kind === "events" ? step.events : []));
  return [...new Set(all.map(eventText))];
}

function eventText(event: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1))));
}
