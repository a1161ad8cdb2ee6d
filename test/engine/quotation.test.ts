import { expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import { createEngine, type AlertOutput } from "../../src/index.ts";

const RULES = `
  stream s { time at }
  rule r { from s pattern { begin x times(6) } emit { n = count(x), all = list(x.text), first = first(x).n } }`;

test("an alert quotes events and emits values up to a size, and says what is missing", () => {
  const engine = createEngine({ rules: RULES });
  const text = "x".repeat(1_000_000);
  const outputs = Array.from({ length: 6 }, (_, n) => engine.push("s", { at: n, n, text })).flat();
  const { alert } = outputs[0] as AlertOutput;
  expect(alert.events["x"]).toHaveLength(4);
  expect(alert.eventsOmitted).toBe(2);
  expect(alert.emit).toEqual({ n: 6, all: null, first: 0 });
  expect(JSON.stringify(alert).length).toBeLessThan(limits.alertEventBytesMax + limits.alertEmitBytesMax);
});

test("an alert that is small quotes everything", () => {
  const engine = createEngine({ rules: RULES });
  const outputs = Array.from({ length: 6 }, (_, n) => engine.push("s", { at: n, n, text: "x" })).flat();
  const { alert } = outputs[0] as AlertOutput;
  expect(alert.events["x"]).toHaveLength(6);
  expect(alert).not.toHaveProperty("eventsOmitted");
});

test("a deadline that RFC 3339 cannot write is the last moment that it can", () => {
  const engine = createEngine({
    rules: `stream s { time at } rule r { from s pattern { begin x notFollowedBy y where event.z within 10m } }`,
  });
  engine.push("s", { at: "9999-12-31T23:59:59Z" });
  expect(engine.watermark("s", "end")).toMatchObject([{ alert: { at: "9999-12-31T23:59:59.999Z" } }]);
});
