import { describe, expect, test } from "@jest/globals";

import { assert } from "../../src/core/assert.ts";
import { checkFile } from "../../src/lang/check.ts";
import type { WindowDefinition } from "../../src/lang/definition.ts";
import { formatSource } from "../../src/lang/format.ts";
import { parseFile } from "../../src/lang/parse.ts";

function windowOf(window: string): WindowDefinition {
  const source = `rule r { from s window { ${window} } }`;
  const { file, diagnostics } = parseFile(source);
  expect(diagnostics).toEqual([]);
  const checked = checkFile(file!, source);
  expect(checked.diagnostics).toEqual([]);
  const [rule] = checked.rules;
  assert(rule?.kind === "window", "no window rule");
  return rule.window;
}

describe("S10.1: a window's kind", () => {
  function check(window: string, expected: WindowDefinition["assigner"]): void {
    expect(windowOf(window.startsWith("global") ? `${window} trigger onEvent` : window).assigner).toEqual(expected);
  }

  test("of time, one after the other", () => {
    check("tumbling 5m", { kind: "tumbling", sizeMs: 300_000, offsetMs: 0 });
    check("tumbling 1d offset 8h", { kind: "tumbling", sizeMs: 86_400_000, offsetMs: 28_800_000 });
  });
  test("of the days of a calendar", () => {
    check('tumbling 1d in "Europe/Paris"', { kind: "calendarDays", days: 1, timeZone: "Europe/Paris" });
    check("tumbling 168h in 'UTC'", { kind: "calendarDays", days: 7, timeZone: "UTC" });
  });
  test("of time, overlapping", () => {
    check("sliding 10m every 1m", { kind: "sliding", sizeMs: 600_000, everyMs: 60_000, offsetMs: 0 });
    check("sliding 1h every 1h offset 1m", {
      kind: "sliding",
      sizeMs: 3_600_000,
      everyMs: 3_600_000,
      offsetMs: 60_000,
    });
    check("sliding 14d every 1m", { kind: "sliding", sizeMs: 1_209_600_000, everyMs: 60_000, offsetMs: 0 });
  });
  test("by silence, by count, and without end", () => {
    check("session gap 30m", { kind: "session", gapMs: 1_800_000 });
    check("count 100", { kind: "count", size: 100, every: null });
    check("count 100 every 10", { kind: "count", size: 100, every: 10 });
    check("global", { kind: "global" });
  });
});

describe("a window's clauses", () => {
  test("have defaults", () => {
    expect(windowOf("tumbling 5m")).toEqual({
      assigner: { kind: "tumbling", sizeMs: 300_000, offsetMs: 0 },
      allowedLatenessMs: 0,
      trigger: { kind: "onClose" },
      purging: false,
      evict: null,
      having: null,
    });
  });

  // S10.2, S10.3, S10.4
  test("stand in any order", () => {
    const clauses = ["having count() > 20", "purging", "evict keep last 5", "allow lateness 30s", "trigger every 10s"];
    const forwards = clauses.join(" ").replace("last 5", "last 5 events");
    const backwards = clauses.toReversed().join(" ").replace("last 5", "last 5 events");
    const { having, ...rest } = windowOf(`session gap 1m ${forwards}`);
    expect(rest).toEqual({
      assigner: { kind: "session", gapMs: 60_000 },
      allowedLatenessMs: 30_000,
      trigger: { kind: "everyTime", ms: 10_000 },
      purging: true,
      evict: { kind: "count", count: 5 },
    });
    expect(having).toMatchObject({ kind: "binary", operator: ">" });
    expect(windowOf(`session gap 1m ${backwards}`)).toMatchObject(rest);
  });

  test("S10.2, S10.4: triggers and evictors", () => {
    expect(windowOf("global trigger every 100 events").trigger).toEqual({ kind: "everyCount", count: 100 });
    expect(windowOf("tumbling 1m trigger onEvent").trigger).toEqual({ kind: "onEvent" });
    expect(windowOf("tumbling 1m trigger onClose").trigger).toEqual({ kind: "onClose" });
    expect(windowOf("tumbling 1m evict keep last 20s").evict).toEqual({ kind: "time", ms: 20_000 });
  });
});

test("formatting puts each clause on a line, and a long `having` on several", () => {
  const having =
    "count() > 20 or sum(amount) > 5000 or count_distinct(country) >= 3 or percentile(latency_ms, 99) > 1500";
  const source = `rule r { from s key by user window { sliding 10m every 1m # how long
     allow lateness 30s trigger every 10s purging evict keep last 5m having ${having} } emit { n = count() } }`;
  const expected = `rule r {
  from   s
  key by user
  window {
    sliding 10m every 1m  # how long
    allow lateness 30s
    trigger every 10s
    purging
    evict keep last 5m
    having count() > 20
        or sum(amount) > 5000
        or count_distinct(country) >= 3
        or percentile(latency_ms, 99) > 1500
  }
  emit {
    n = count()
  }
}
`;
  expect(formatSource(source)).toEqual({ text: expected });
  expect(formatSource(expected)).toEqual({ text: expected });
});
