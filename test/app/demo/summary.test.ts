import { describe, expect, test } from "@jest/globals";

import { SendLog } from "../../../src/app/demo/latency.ts";
import { type Results, summarize } from "../../../src/app/demo/summary.ts";
import { anAlert } from "./an-alert.ts";

const sent = anAlert({ id: "a" });
const held = anAlert({ id: "b", suppressedBy: "a" });
const reception = { alert: sent, receivedAt: 5, verified: true };

function check(told: Partial<Results>, expected: { complete: boolean; deliveries?: string }): void {
  const results: Results = {
    sent: 10,
    accepted: 10,
    alerts: [sent, held],
    receptions: [reception],
    planted: [],
    log: new SendLog(),
    streamOf: () => undefined,
    ...told,
  };
  const { complete, rows } = summarize(results);
  expect({ complete, deliveries: rows.find(([label]) => label === "deliveries")?.[1] }).toMatchObject(expected);
}

describe("summarize", () => {
  test("all is well when each alert that is not held was delivered", () => {
    check({}, { complete: true, deliveries: "1 of 1" });
  });

  test("an alert delivered twice is well too: delivery is at least once", () => {
    check({ receptions: [reception, reception] }, { complete: true, deliveries: "1 of 1, 1 repeated" });
  });

  test("an alert that never came is not", () => {
    check({ alerts: [sent, anAlert({ id: "c" })] }, { complete: false, deliveries: "1 of 2" });
  });

  test("nor is one that nobody stored", () => {
    check({ receptions: [reception, { ...reception, alert: anAlert({ id: "d" }) }] }, { complete: false });
  });

  test("nor a held one that was delivered", () => {
    check({ receptions: [reception, { ...reception, alert: held }] }, { complete: false });
  });

  test("nor a wrong signature", () => {
    check({ receptions: [{ ...reception, verified: false }] }, { complete: false });
  });

  test("nor an event that was not accepted", () => {
    check({ accepted: 9 }, { complete: false });
  });

  test("nor silence", () => {
    check({ alerts: [], receptions: [] }, { complete: false });
  });
});
