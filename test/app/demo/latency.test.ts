import { describe, expect, test } from "@jest/globals";

import { percentile, SendLog } from "../../../src/app/demo/latency.ts";
import { parseRules } from "../../../src/index.ts";
import { anAlert } from "./an-alert.ts";

const [stream] = parseRules("stream s { time t watermark bounded 10s id e }").streams;
const BASE = Date.parse("2026-03-01T09:00:00.000Z");

/** Three batches, sent at 1, 2 and 3, that bring the stream to 0 s, 5 s and 14 s. */
function sendLog(): SendLog {
  const log = new SendLog();
  log.batch(stream!, [event("first", BASE)], 1);
  log.batch(stream!, [event("second", BASE + 5_000), event("early", BASE + 4_000)], 2);
  log.batch(stream!, [event("third", BASE + 14_000)], 3);
  return log;
}

function event(e: string, time: number): { time: number; document: { e: string } } {
  return { time, document: { e } };
}

function completedBy(id: string, time: string): ReturnType<typeof anAlert> {
  const early = { offset: 9, time: "2026-03-01T09:00:00.000Z", data: { e: "first" } };
  return anAlert({ at: time, lastEventAt: time, events: { b: [{ offset: 1, time, data: { e: id } }], a: [early] } });
}

describe("SendLog", () => {
  test("an alert is complete when its last event is sent, last by time", () => {
    expect(sendLog().completionSentAt(completedBy("early", "2026-03-01T09:00:04.000Z"), stream!)).toBe(2);
  });

  test("and certain when the stream has moved on by its out-of-orderness", () => {
    expect(sendLog().certainSentAt(completedBy("early", "2026-03-01T09:00:04.000Z"), stream!)).toBe(3);
  });

  test("ending the stream makes everything certain", () => {
    const log = sendLog();
    const alert = completedBy("third", "2026-03-01T09:00:14.000Z");
    expect(log.certainSentAt(alert, stream!)).toBeUndefined();
    log.end("s", 4);
    expect(log.certainSentAt(alert, stream!)).toBe(4);
  });

  test("no event completes an absence", () => {
    const absence = { ...completedBy("first", "2026-03-01T09:00:00.000Z"), at: "2026-03-01T09:15:00.000Z" };
    expect(sendLog().completionSentAt(absence, stream!)).toBeUndefined();
  });
});

describe("percentile", () => {
  test("is the least value that so many do not exceed", () => {
    const values = [50, 10, 40, 20, 30];
    expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([10, 30, 50, 50]);
  });

  test("of nothing there is none", () => {
    expect(percentile([], 0.5)).toBeUndefined();
  });
});
