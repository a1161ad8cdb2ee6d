import { describe, expect, test } from "@jest/globals";
import { callbackSink, execute, logSource } from "../../../src/connect/index.ts";
import type { LogRecord } from "../../../src/engine/log/log-record.ts";
import { PostgresEventLog } from "../../../src/store/event-log.ts";
import { StreamEnvironment } from "../../../src/stream/index.ts";
import { eventually } from "../../support/eventually.ts";
import { testDatabase } from "../../support/postgres.ts";
import { readAll, readsOnFromAnywhere } from "./reading.ts";

const database = testDatabase();

function openLog(): PostgresEventLog {
  return new PostgresEventLog({ pool: database.pool, clock: { now: () => 0 }, mayWrite: async () => undefined });
}

function event(offset: number): LogRecord {
  return { kind: "event", offset, stream: "s", time: offset * 1000, at: 0, data: { n: offset } };
}

/** The events' times; what is no event is passed over. */
function timeOf(record: LogRecord): number | undefined {
  return record.kind === "event" ? record.time : undefined;
}

describe("Tripline's own log as a source", () => {
  test("is read from its beginning, and on from any offset", async () => {
    const log = openLog();
    await log.append([event(0), { kind: "watermark", offset: 1, stream: "s", time: 5 }, event(2)]);
    await log.append([{ kind: "ruleRemoved", offset: 3, name: "r" }]);
    await log.append([event(4)]);
    const source = logSource({ log, select: timeOf });
    expect(await readAll(source)).toEqual({ values: [0, 2000, 4000], positions: [3, 4, 5] });
    expect((await readAll(source, { from: 2 })).values).toEqual([2000, 4000]);
    expect((await readAll(logSource({ log, select: timeOf, from: 4 }))).values).toEqual([4000]);
    expect(await readsOnFromAnywhere(source)).toBe(true);
  });

  test("is followed beyond its end", async () => {
    const log = openLog();
    const from = await log.end();
    const env = new StreamEnvironment();
    const seen: number[] = [];
    env
      .fromSource("log", logSource({ log, select: timeOf, from, followEveryMs: 1 }), { timestamp: (time) => time })
      .sinkTo(callbackSink((times) => void seen.push(...times)));
    const job = execute(env);
    await log.append([event(from)]);
    await eventually(async () => seen.length === 1);
    await log.append([event(from + 1)]);
    await eventually(async () => seen.length === 2);
    await job.cancel();
    expect(seen).toEqual([from * 1000, (from + 1) * 1000]);
    expect(job.status().edges[0]).toMatchObject({ from: "log/0", records: 2 });
  });
});
