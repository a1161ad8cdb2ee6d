/**
 * Rules that come, change, pause, drain and go while events are on their way, against the rule-change oracle (S9.5 to S9.8, S9.15,
 * S9.16), over logs from a seed. `TRIPLINE_SEED` and `TRIPLINE_LOGS` widen the search.
 */

import { isDeepStrictEqual } from "node:util";
import { expect, test } from "@jest/globals";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import { createEngine, type EngineSnapshot, type Output, type TriplineEngine } from "../../src/index.ts";
import { randomRuleLog } from "../support/rule-change-oracle/generate.ts";
import { simpleRuleText, type LogItem, type RuleLog } from "../support/rule-change-oracle/log.ts";
import { ruleChangeOracle, type OracleAlert } from "../support/rule-change-oracle/oracle.ts";

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const LOGS = Number(process.env["TRIPLINE_LOGS"] ?? 200);

test.each([
  ["in one go", Infinity],
  ["restored from its snapshot before every fifth record", 5],
])(`${LOGS} logs from seed ${SEED} on, %s`, (_, cutEvery) => {
  for (let seed = SEED; seed < SEED + LOGS; seed++) {
    const log = randomRuleLog(seed);
    const [found, expected] = [alertsOf(log, cutEvery), ruleChangeOracle(log)];
    if (isDeepStrictEqual(found, expected)) continue;
    const told = `seed ${seed}, bounded ${log.boundMs}ms\n${log.records.map(itemText).join("\n")}`;
    expect({ told, alerts: found }).toEqual({ told, alerts: expected });
  }
});

function alertsOf({ boundMs, records }: RuleLog, cutEvery: number): OracleAlert[] {
  let engine = createEngine({ rules: `stream s { time at  watermark bounded ${boundMs}ms }` });
  const alerts = records.flatMap((item, during) => {
    if (during % cutEvery === cutEvery - 1) {
      engine = createEngine({ rules: "", snapshot: JSON.parse(JSON.stringify(engine.snapshot())) as EngineSnapshot });
    }
    return perform(engine, item, during).flatMap((output) => {
      if (output.kind !== "alert") return [];
      const { rule, version, key, at, events, emit } = output.alert;
      return {
        during,
        rule,
        version,
        key: key as string,
        at: Date.parse(at),
        events: events["f"]!.map(({ offset }) => offset),
        note: emit["note"] as number,
      };
    });
  });
  return alerts;
}

/** Every item is one record, so a record's offset is its index. */
function perform(engine: TriplineEngine, item: LogItem, offset: number): Output[] {
  switch (item.kind) {
    case "event":
      return engine.push("s", { at: item.time, key: item.key, type: item.type });
    case "watermark":
      return engine.watermark("s", item.time);
    case "change":
      return engine.apply(recordOf(item, offset));
  }
}

function recordOf({ rule: name, to }: LogItem & { readonly kind: "change" }, offset: number): LogRecord {
  switch (to.kind) {
    case "put": {
      const onChange = to.drain ? "drain" : "drop";
      return { kind: "rules", offset, source: simpleRuleText(name, to.rule), onChange };
    }
    case "remove":
      return { kind: "ruleRemoved", offset, name };
    case "pause":
      return { kind: "rulePaused", offset, name };
    case "resume":
      return { kind: "ruleResumed", offset, name };
  }
}

function itemText(item: LogItem, offset: number): string {
  switch (item.kind) {
    case "event":
      return `${offset}: ${item.key} ${item.type} @${item.time}`;
    case "watermark":
      return `${offset}: >${item.time}`;
    case "change":
      return `${offset}: ${item.to.kind} ${item.to.kind === "put" ? `${item.to.drain ? "and drain " : ""}${simpleRuleText(item.rule, item.to.rule)}` : item.rule}`;
  }
}
