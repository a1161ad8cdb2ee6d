/**
 * Rules that come, change and go while events are on their way, against the rule-change oracle (S9.5 to S9.7), over logs from
 * a seed. `TRIPLINE_SEED` and `TRIPLINE_LOGS` widen the search.
 */

import { isDeepStrictEqual } from "node:util";
import { expect, test } from "@jest/globals";
import { createEngine, type Output, type TriplineEngine } from "../../src/index.ts";
import { randomRuleLog } from "../support/rule-change-oracle/generate.ts";
import { simpleRuleText, type LogItem, type RuleLog } from "../support/rule-change-oracle/log.ts";
import { ruleChangeOracle, type OracleAlert } from "../support/rule-change-oracle/oracle.ts";

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const LOGS = Number(process.env["TRIPLINE_LOGS"] ?? 300);

test(`${LOGS} logs from seed ${SEED} on`, () => {
  for (let seed = SEED; seed < SEED + LOGS; seed++) {
    const log = randomRuleLog(seed, { pauses: false });
    const [found, expected] = [alertsOf(log), ruleChangeOracle(log)];
    if (isDeepStrictEqual(found, expected)) continue;
    const told = `seed ${seed}, bounded ${log.boundMs}ms\n${log.records.map(itemText).join("\n")}`;
    expect({ told, alerts: found }).toEqual({ told, alerts: expected });
  }
});

function alertsOf({ boundMs, records }: RuleLog): OracleAlert[] {
  const engine = createEngine({ rules: `stream s { time at  watermark bounded ${boundMs}ms }` });
  return records.flatMap((item, during) =>
    perform(engine, item, during).flatMap((output) => {
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
    }),
  );
}

/** Every item is one record, so a record's offset is its index. */
function perform(engine: TriplineEngine, item: LogItem, offset: number): Output[] {
  switch (item.kind) {
    case "event":
      return engine.push("s", { at: item.time, key: item.key, type: item.type });
    case "watermark":
      return engine.watermark("s", item.time);
    case "change":
      switch (item.to.kind) {
        case "put":
          return engine.apply({ kind: "rules", offset, source: simpleRuleText(item.rule, item.to.rule) });
        case "remove":
          return engine.apply({ kind: "ruleRemoved", offset, name: item.rule });
        case "pause":
        case "resume":
          throw new Error("these logs have no pauses");
      }
  }
}

function itemText(item: LogItem, offset: number): string {
  switch (item.kind) {
    case "event":
      return `${offset}: ${item.key} ${item.type} @${item.time}`;
    case "watermark":
      return `${offset}: >${item.time}`;
    case "change":
      return `${offset}: ${item.to.kind} ${item.to.kind === "put" ? simpleRuleText(item.rule, item.to.rule) : item.rule}`;
  }
}
