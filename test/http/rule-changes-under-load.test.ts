/**
 * A rule that is put, replaced, paused, resumed and removed ten times while events pour in over several connections: the alerts
 * are those of a plain computation over the log, with the same changes at the same offsets (S9.5, S9.15).
 */

import { expect, test } from "@jest/globals";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import { succeeded } from "../support/http-call.ts";
import { httpService } from "../support/http-service.ts";
import { Random } from "../support/oracle/random.ts";
import {
  simpleRuleText,
  type Change,
  type EventType,
  type LogItem,
  type SimpleRule,
} from "../support/rule-change-oracle/log.ts";
import { inOrder, ruleChangeOracle, type OracleAlert } from "../support/rule-change-oracle/oracle.ts";

const BOUND_MS = 20;
const ROUNDS = 10;
const CONNECTIONS = 4;
const TYPES: readonly EventType[] = ["failed", "failed", "failed", "opened", "closed", "other"];

const served = httpService();

test(`${ROUNDS} rounds of changes, ${CONNECTIONS} connections`, async () => {
  succeeded(await served.postRules(`stream s { time at  watermark bounded ${BOUND_MS}ms }`));
  let isOver = false;
  let now = 1000;
  const load = Array.from({ length: CONNECTIONS }, async (_, connection) => {
    const random = new Random(connection + 1);
    while (!isOver) {
      const events = Array.from({ length: 20 }, () => ({
        at: (now += random.between(0, 2)) - random.between(0, BOUND_MS / 2),
        key: random.pick(["a", "b", "c", "d"]),
        type: random.pick(TYPES),
      }));
      succeeded(await served.postEvents("s", events));
    }
  });

  const random = new Random(7);
  const puts: SimpleRule[] = [];
  const put = async (rule: SimpleRule): Promise<void> => {
    puts.push(rule);
    succeeded(await served.postRules(simpleRuleText("p", rule)));
  };
  for (let round = 0; round < ROUNDS; round++) {
    const withinMs = random.between(20, 60);
    await put({ kind: "failures", count: 3, withinMs, note: 3 * round });
    await put({ kind: "failures", count: 3, withinMs, note: 3 * round + 1 }); // says something else, and goes on
    succeeded(await served.call("POST /v1/rules/p/pause"));
    await served.postEvents("s", [{ at: now, key: "a", type: "failed" }]);
    succeeded(await served.call("POST /v1/rules/p/resume"));
    await put({ kind: "absence", withinMs, note: 3 * round + 2 }); // begins anew
    succeeded(await served.call("DELETE /v1/rules/p"));
  }
  isOver = true;
  await Promise.all(load);
  await served.settled();

  const records: LogRecord[] = [];
  for await (const chunk of served.stores.log.read(0)) records.push(...chunk);
  const [, ...changesAndEvents] = records; // the first one describes the stream
  const expected = ruleChangeOracle({ boundMs: BOUND_MS, records: changesAndEvents.map(asItem(puts)) });
  expect(records.filter(({ kind }) => kind === "event").length).toBeGreaterThan(20 * CONNECTIONS);
  expect(expected.length).toBeGreaterThan(ROUNDS);
  expect(await storedAlerts()).toEqual(expected.map((alert) => ({ ...alert, during: 0 })).sort(inOrder));
});

/** Puts are in the log in the order in which they were made. */
function asItem(puts: SimpleRule[]): (record: LogRecord) => LogItem {
  const change = (to: Change): LogItem => ({ kind: "change", rule: "p", to });
  return (record) => {
    switch (record.kind) {
      case "event":
        return {
          kind: "event",
          time: record.time,
          key: record.data["key"] as string,
          type: record.data["type"] as EventType,
        };
      case "rules":
        return change({ kind: "put", rule: puts.shift()!, drain: false });
      case "rulePaused":
        return change({ kind: "pause" });
      case "ruleResumed":
        return change({ kind: "resume" });
      case "ruleRemoved":
        return change({ kind: "remove" });
      case "watermark":
      case "tick":
      case "list":
      case "restored":
        throw new Error(`a record of the kind ${record.kind}`);
    }
  };
}

/** Nothing tells which record brought an alert about. */
async function storedAlerts(): Promise<OracleAlert[]> {
  const stored = await served.stores.alerts.after(0, 100_000);
  const alerts = stored.map(({ alert }) => ({
    during: 0,
    rule: alert.rule,
    version: alert.version,
    key: alert.key as string,
    at: Date.parse(alert.at),
    events: alert.events["f"]!.map(({ offset }) => offset - 1),
    note: alert.emit["note"] as number,
  }));
  return alerts.sort(inOrder);
}
