/** The paragraphs of SEMANTICS.md that a line of events cannot show: identity, order, versions, replay. */

import { describe, expect, test } from "@jest/globals";

import { compileMatching } from "../../src/engine/rules/compiled-rule.ts";
import { newContext } from "../../src/engine/rules/eval-context.ts";
import type { ListChange } from "../../src/engine/log/log-record.ts";
import { createEngine, type Alert, type Output, type TriplineEngine } from "../../src/index.ts";
import { emptyHarvest } from "../../src/nfa/harvest.ts";
import { Matcher } from "../../src/nfa/matcher.ts";
import { EMPTY_KEY_STATE } from "../../src/nfa/partial-match.ts";
import { patternRule } from "../support/pattern-rule.ts";
import { examplesOf } from "./example.ts";
import { feed, ruleTextOf } from "./play.ts";

const STREAM = "stream s { time at }";

function rule(name: string, clauses: string): string {
  return `rule ${name} { from s ${clauses} }`;
}

const EACH_A = rule("r", "pattern { begin x where exists(a) }");

function alertsIn(outputs: readonly Output[]): Alert[] {
  return outputs.flatMap((output) => (output.kind === "alert" ? [output.alert] : []));
}

function put(engine: TriplineEngine, offset: number, source: string): void {
  engine.apply({ kind: "rules", offset, source });
}

/** Watermarks have offsets too. */
function withoutOffsets(output: unknown): unknown {
  return JSON.parse(JSON.stringify(output, (name, value: unknown) => (name === "offset" ? undefined : value)));
}

const refusing = (code: string): unknown => expect.objectContaining({ code });

describe("events", () => {
  // S1.1
  test("arrival never goes back", () => {
    const engine = createEngine({ rules: `stream s { } ${rule("r", "pattern { begin a }")}` });
    const times = [5000, 3000, 6000].flatMap((at) => alertsIn(engine.push("s", {}, { at })));
    expect(times.map(({ at }) => Date.parse(at))).toEqual([5000, 5000, 6000]);
  });

  // S1.10
  test("a stream that has ended begins anew when it is put again", () => {
    const engine = createEngine({ rules: `${STREAM} ${EACH_A}` });
    engine.watermark("s", "end");
    expect(engine.push("s", { at: 1, a: 1 })).toMatchObject([{ kind: "late" }]);
    put(engine, 2, STREAM);
    expect(engine.push("s", { at: 1, a: 1 })).toMatchObject([{ kind: "alert" }]);
  });

  // S2.1
  test("are quoted as they came, or refused by themselves", () => {
    const engine = createEngine({ rules: `${STREAM} ${rule("r", "pattern { begin x }")}` });
    const data = { z: [1.5, null, { "": "" }], at: 1, a: "\u0000", __proto_: {} };
    expect(alertsIn(engine.push("s", data))[0]!.events["x"]![0]!.data).toEqual(data);
    for (const nothing of [null, 5, "text", [data]]) {
      expect(() => engine.push("s", nothing)).toThrow(refusing("not-an-object"));
    }
    expect(() => engine.push("other", data)).toThrow(refusing("unknown-stream"));
    expect(alertsIn(engine.push("s", { at: 2 }))).toHaveLength(1);
  });
});

// S3.9
test("beyond the limit a key's oldest partial matches are dropped, and counted", () => {
  const nfa = compileMatching(
    patternRule(rule("r", "pattern { begin x where exists(a)  followedBy y where exists(b)  skip none }")),
    null,
  );
  const context = newContext({ has: () => false });
  const matcher = new Matcher(nfa, { context, partialMatchesPerKeyMax: 2 });
  const harvest = emptyHarvest();
  let state = EMPTY_KEY_STATE;
  for (const [offset, field] of ["a", "a", "a", "b"].entries()) {
    const event = { stream: "s", offset, id: null, ordinal: offset, time: offset, data: { [field]: 1 } };
    state = matcher.step(state, event, harvest);
  }
  expect(harvest.matches.map(({ match }) => match.matched.first.offset)).toEqual([1, 2]);
  expect(harvest.dropped).toBe(1);
});

describe("an alert's id", () => {
  const pattern = "pattern { begin x where exists(a)  next y where exists(b) }";

  function ids(rules: string, events: readonly { readonly at: number }[]): string[] {
    const engine = createEngine({ rules });
    return alertsIn(events.flatMap((event) => engine.push("s", event))).map(({ id }) => id);
  }

  // S7.1
  test("follows from rule, version, key, stages and events", () => {
    const events = [
      { at: 1, a: 1 },
      { at: 2, b: 1 },
    ];
    const [id] = ids(`${STREAM} ${rule("r", pattern)}`, events);
    expect(id).toMatch(/^[a-z0-9]+$/);
    expect(ids(`${STREAM} ${rule("r", pattern)}`, events)).toEqual([id]);
    expect(ids(`${STREAM} ${rule("r", `severity high ${pattern} emit { n = 1 }`)}`, events)).toEqual([id]);
    expect(ids(`${STREAM} ${rule("other", pattern)}`, events)).not.toEqual([id]);
    expect(ids(`${STREAM} ${rule("r", `key by 1 ${pattern}`)}`, events)).not.toEqual([id]);
    expect(ids(`${STREAM} ${rule("r", pattern.replaceAll("y", "z"))}`, events)).not.toEqual([id]);
    expect(ids(`${STREAM} ${rule("r", pattern)}`, [{ at: 0 }, ...events])).not.toEqual([id]);
  });

  // S7.1
  test("goes by the declared identity where there is one, whatever else has come", () => {
    const rules = `stream s { time at  id id } ${rule("r", pattern)}`;
    const events = [
      { at: 1, id: "x", a: 1 },
      { at: 2, id: "y", b: 1 },
    ];
    expect(ids(rules, [{ at: 0, id: "z" } as { at: number }, ...events])).toEqual(ids(rules, events));
  });

  // S7.1
  test("of a timeout has the deadline in it, and is not the id of a match", () => {
    const timingOut = (within: string): string =>
      `${STREAM} ${rule("r", `pattern { begin x followedBy y where exists(b) within ${within} } on timeout emit { }`)}`;
    const events = [{ at: 1 }, { at: 99_000 }];
    expect(ids(timingOut("1s"), events)).not.toEqual(ids(timingOut("2s"), events));
    expect(ids(timingOut("1s"), events)).not.toEqual(ids(`${STREAM} ${rule("r", "pattern { begin x }")}`, events));
  });
});

describe("an alert of a window", () => {
  const window = (clauses: string, emit = "n = count()"): string =>
    `${STREAM} ${rule("r", `key by k  window { ${clauses} } emit { ${emit} }`)}`;

  function alerts(rules: string, events: readonly { readonly at: number; readonly k?: string }[]): Alert[] {
    const engine = createEngine({ rules });
    return alertsIn([...events.flatMap((event) => engine.push("s", event)), ...engine.watermark("s", "end")]);
  }

  // S10.15
  test("says which window it is of, and when its events were", () => {
    const events = [7000, 2000].map((at) => ({ at, k: "ann" }));
    const rules = window("tumbling 10s").replace("time at", "time at  watermark bounded 1m");
    expect(alerts(rules, events)).toEqual([
      {
        id: expect.stringMatching(/^[a-z0-9]+$/),
        rule: "r",
        version: 1,
        severity: "medium",
        title: null,
        tags: [],
        key: "ann",
        kind: "window",
        at: "1970-01-01T00:00:10.000Z",
        firstEventAt: "1970-01-01T00:00:02.000Z",
        lastEventAt: "1970-01-01T00:00:07.000Z",
        events: {},
        window: { start: "1970-01-01T00:00:00.000Z", end: "1970-01-01T00:00:10.000Z", firing: 1 },
        emit: { n: 2 },
        suppressed: 0,
        suppressedBy: null,
      },
    ]);
    expect(alerts(window("count 1"), [{ at: 5, k: "ann" }])).toMatchObject([
      { at: "1970-01-01T00:00:00.005Z", window: { start: null, end: null, firing: 1 } },
    ]);
  });

  // S10.16
  test("has an id by rule, version, key, window and firing, whatever is in it", () => {
    const ids = (rules: string, ...events: readonly { readonly at: number; readonly k?: string }[]): string[] =>
      alerts(rules, events).map(({ id }) => id);
    const ann = (at: number): { readonly at: number; readonly k: string } => ({ at, k: "ann" });
    const [id] = ids(window("tumbling 10s"), ann(1));
    expect(ids(window("tumbling 10s", "n = sum(at)"), ann(2), ann(3))).toEqual([id]);
    expect(ids(window("tumbling 10s"), ann(10_000))).not.toEqual([id]);
    expect(ids(window("tumbling 10s"), { at: 1, k: "bob" })).not.toEqual([id]);
    expect(ids(window("tumbling 20s"), ann(1))).not.toEqual([id]);
    const firings = ids(window("tumbling 10s trigger onEvent"), ann(1), ann(2));
    expect(new Set(firings)).toEqual(new Set([id, firings[1]]));
  });

  // S10.16
  test("of a session leaves no trace of the sessions that it has grown out of", () => {
    const engine = createEngine({ rules: window("session gap 10s  trigger onEvent") });
    for (let at = 0; at < 100; at++) engine.push("s", { at: at * 1000, k: "ann" });
    const state = JSON.stringify(engine.snapshot());
    expect(state).toContain("0:109000");
    expect(state).not.toContain("0:108000");
  });

  // S10.18
  test("is held for as long as nothing new has come into the windows, others' alerts or not", () => {
    const events = [{ at: 0, k: "ann" }, ...Array.from({ length: 30 }, (_, i) => ({ at: 1000 * i, k: "bob" }))];
    const sent = alerts(window("sliding 20s every 1s").replace("key by", "suppress 3s  key by"), events);
    expect(sent.filter(({ key, suppressedBy }) => key === "ann" && suppressedBy === null)).toHaveLength(1);
  });
});

// S7.2
test("what comes of one record is ordered by time, rule and key", () => {
  const absence = "pattern { begin x where exists(a)  notFollowedBy y where exists(b)  within 1s }";
  const timeout = "pattern { begin x where exists(a)  followedBy y where exists(b)  within 1s } on timeout emit { }";
  const names = { b: absence, B: absence, a: timeout };
  const rules = Object.entries(names).map(([name, pattern]) => rule(name, `key by k ${pattern}`));
  const engine = createEngine({ rules: [STREAM, ...rules].join(" ") });
  for (const k of [10, 9, "9"]) engine.push("s", { at: 2, k, a: 1 });
  engine.push("s", { at: 3, k: "0", a: 1 });
  const told = alertsIn(engine.watermark("s", "end")).map(
    ({ at, rule: name, key }) => `${Date.parse(at)} ${name} ${JSON.stringify(key)}`,
  );
  expect(told).toEqual([
    '1002 B "9"',
    "1002 B 10",
    "1002 B 9",
    '1002 a "9"',
    "1002 a 10",
    "1002 a 9",
    '1002 b "9"',
    "1002 b 10",
    "1002 b 9",
    '1003 B "0"',
    '1003 a "0"',
    '1003 b "0"',
  ]);
});

// S7.2
test("of two versions the one that drains goes first, also from a snapshot", () => {
  const window = (size: string): string => rule("r", `window { tumbling ${size} } emit { n = count() }`);
  const engine = createEngine({ rules: `${STREAM} ${window("2s")}` });
  engine.push("s", { at: 1, a: 1 });
  engine.apply({ kind: "rules", offset: 2, source: window("1s"), onChange: "drain" });
  engine.push("s", { at: 1001, a: 1 });
  const restored = createEngine({ rules: "", snapshot: structuredClone(engine.snapshot()) });
  const versions = (of: TriplineEngine): number[] => alertsIn(of.watermark("s", "end")).map(({ version }) => version);
  expect([versions(engine), versions(restored)]).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

describe("rules", () => {
  const [BOTH, BOTH_MORE] = [
    "pattern { begin x where exists(a)  followedBy y where exists(b) }",
    "pattern { begin x where exists(a)  followedBy y where exists(b) or exists(c) }",
  ].map((pattern) => `key by k ${pattern}`) as [string, string];

  /** An engine that has had one event for the first stage; what a text then makes of the second stage's. */
  function afterPutting(text: string): Alert[] {
    const engine = createEngine({ rules: `${STREAM} ${rule("r", BOTH)}` });
    engine.push("s", { at: 1, k: 1, a: 1 });
    put(engine, 2, text);
    return alertsIn(engine.push("s", { at: 2, k: 1, b: 1 }));
  }

  // S9.5
  test("become active at one record, and see what still waits for the watermark", () => {
    const engine = createEngine({ rules: "stream s { time at  watermark bounded 10s }" });
    for (const at of [1000, 12_000, 11_000]) engine.push("s", { at, a: 1 });
    put(engine, 3, EACH_A);
    const seen = alertsIn(engine.watermark("s", "end")).map(({ at }) => Date.parse(at));
    expect(seen).toEqual([11_000, 12_000]);
  });

  // S9.6
  test("keep their state while they match alike", () => {
    expect(afterPutting(rule("r", BOTH))).toMatchObject([{ version: 1 }]);
    expect(afterPutting(rule("r", `severity high ${BOTH} emit { n = 1 }`))).toMatchObject([{ version: 2 }]);
    expect(afterPutting(rule("r", `${BOTH.replace("pattern", "# another look\n pattern")}`))).toHaveLength(1);
    expect(afterPutting(rule("r", BOTH_MORE))).toEqual([]);
    expect(afterPutting(rule("r", BOTH.replace("by k", "by at")))).toEqual([]);
    expect(afterPutting(rule("other", BOTH))).toHaveLength(1);
  });

  // S9.6
  test("keep what they suppress, whatever is changed", () => {
    const engine = createEngine({ rules: `${STREAM} ${rule("r", "suppress 1h pattern { begin x where exists(a) }")}` });
    engine.push("s", { at: 1, a: 1, b: 1 });
    put(engine, 2, rule("r", "suppress 1h pattern { begin x where exists(b) }"));
    const [alert] = alertsIn(engine.push("s", { at: 2, b: 1 }));
    expect(alert).toMatchObject({ version: 2, suppressedBy: expect.any(String) });
  });

  // S9.7
  test("never use a version number again", () => {
    const engine = createEngine({ rules: `${STREAM} ${EACH_A}` });
    const version = (at: number): number | undefined => alertsIn(engine.push("s", { at, a: 1 }))[0]?.version;
    expect(version(1)).toBe(1);
    put(engine, 2, EACH_A);
    expect(version(2)).toBe(1);
    put(engine, 4, EACH_A.replace("from", "severity low from"));
    expect(version(3)).toBe(2);
    engine.apply({ kind: "ruleRemoved", offset: 6, name: "r" });
    expect(version(4)).toBe(undefined);
    put(engine, 8, EACH_A);
    expect(version(5)).toBe(3);
  });
});

describe("every example", () => {
  const examples = examplesOf("SEMANTICS.md").filter(({ rounds }) => rounds.length > 0);
  const cases = examples.map((example) => [example.title, example] as const);

  /** Small steps up to a watermark, and then the watermark itself. */
  function inSteps(token: string): string[] {
    const [, time, stream = ""] = /^>([\d.]+|end)(@\w+)?$/.exec(token) ?? [];
    if (time === undefined) return [token];
    const seconds = time === "end" ? 60 : Math.floor(Number(time));
    return [...Array.from({ length: seconds }, (_, second) => `>${second}${stream}`), token];
  }

  // S6.5
  test.each(cases)("%s: the same in small steps of time", (_, example) => {
    const [atOnce, inMany] = [(token: string) => [token], inSteps].map((steps) => {
      const engine = createEngine({ rules: ruleTextOf(example) });
      return example.rounds.flat().flatMap((token) => steps(token).flatMap((step) => feed(engine, step)));
    });
    expect(inMany!.map(withoutOffsets)).toEqual(atOnce!.map(withoutOffsets));
  });

  // S9.1
  test.each(cases)("%s: twice the same, ids and all", (_, example) => {
    const [first, second] = [1, 2].map(() => {
      const engine = createEngine({ rules: ruleTextOf(example) });
      return example.rounds.flat().flatMap((token) => feed(engine, token));
    });
    expect(second).toEqual(first);
  });

  // S9.8
  test.each(cases)("%s: the same from a snapshot after every event", (_, example) => {
    const rules = ruleTextOf(example);
    const whole = createEngine({ rules });
    let engine = createEngine({ rules });
    for (const token of example.rounds.flat()) {
      expect(feed(engine, token)).toEqual(feed(whole, token));
      engine = createEngine({ rules, snapshot: structuredClone(engine.snapshot()) });
    }
  });
});

// S9.9
test("a list is read as of the record that releases the event", () => {
  const engine = createEngine({
    rules: `stream s { time at  watermark bounded 5ms } ${rule("r", 'pattern { begin x where a in list("watched") }')}`,
  });
  let offset = 0;
  const change = (to: ListChange): Output[] =>
    engine.apply({ kind: "list", offset: offset++, name: "watched", change: to });
  const push = (at: number): number[] => {
    const outputs = alertsIn(
      engine.apply({ kind: "event", offset: offset++, stream: "s", time: at, at, data: { at, a: 1 } }),
    );
    return outputs.map((alert) => Date.parse(alert.at));
  };
  expect(push(10)).toEqual([]);
  expect(change({ put: [1] })).toEqual([]);
  expect(push(15)).toEqual([10]);
  change({ add: [], remove: [1] });
  expect(push(20)).toEqual([]);
  change({ add: [1], remove: [] });
  expect(push(25)).toEqual([20]);
  change({ removed: true });
  expect(push(40)).toEqual([]);
});
