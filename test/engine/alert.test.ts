/** What an alert's id follows from (S7.1): two alerts that differ in any part of it have two ids, and no other part matters. */

import { describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../../src/core/event.ts";
import { createEngine, type Alert } from "../../src/index.ts";

interface Run {
  readonly stream?: string;
  readonly rule?: string;
  /** What comes before the two events. */
  readonly before?: readonly JsonObject[];
  readonly events?: readonly JsonObject[];
  /** Versions of the rule that are put before this one. */
  readonly versionsBefore?: number;
}

const RULE = 'rule r { from s key by k pattern { begin a where t == "a"  followedBy b where t == "b"  within 10ms } }';
const EVENTS = [
  { at: 1, k: 1, t: "a", i: "x" },
  { at: 2, k: 1, t: "b", i: "y" },
];

/** The last alert of a run, its streams ended. */
function alertOf({ stream = "", rule = RULE, before = [], events = EVENTS, versionsBefore = 0 }: Run): Alert {
  const engine = createEngine({ rules: `stream s { time at ${stream} } stream r { time at ${stream} }` });
  for (let i = 0; i < versionsBefore; i++) {
    engine.apply({ kind: "rules", offset: i, source: rule.replace("{ from", `"version ${i}" { from`) });
  }
  engine.apply({ kind: "rules", offset: 100, source: rule });
  const from = /from (\w)/.exec(rule)![1]!;
  const outputs = [...before, ...events].flatMap((event) => engine.push(from, event));
  const alerts = [...outputs, ...engine.watermark(from, "end")].flatMap((o) => (o.kind === "alert" ? [o.alert] : []));
  return alerts.at(-1)!;
}

const withKey = (k: JsonObject[string]): JsonObject[] => EVENTS.map((event) => ({ ...event, k }));
const timeout = RULE.replace(" } }", " } on timeout emit { } }");

test("differs by each part of what it says", () => {
  const different: Readonly<Record<string, Run>> = {
    "as it is": {},
    "another rule": { rule: RULE.replace("rule r", "rule q") },
    "the next version": { versionsBefore: 1 },
    "the version after that": { versionsBefore: 2 },
    "another key": { events: withKey(2) },
    "a key of another type": { events: withKey("1") },
    "a list of the key": { events: withKey([1]) },
    "no key": { rule: RULE.replace("key by k ", "") },
    "another stage's name": { rule: RULE.replace("begin a", "begin c") },
    "another stage for the same event": {
      rule: RULE.replace('a where t == "a"', 'a where t == "a" oneOrMore').replace('t == "b" ', 't == "b" or t == "c"'),
      events: [EVENTS[0]!, { ...EVENTS[0]!, at: 2, i: "y" }, { ...EVENTS[1]!, at: 3, i: "z" }],
    },
    "more events": {
      rule: RULE.replace("followedBy b", "followedBy b2 where t == 'b' followedBy b"),
      events: [...EVENTS, { ...EVENTS[1]!, at: 3, i: "z" }],
    },
    "another stream": { rule: RULE.replace("from s", "from r") },
    "later events": { before: [{ at: 0, k: 1, t: "x", i: "w" }] },
    "declared identities": { stream: "id i" },
    "other identities": { stream: "id i", events: EVENTS.map((event) => ({ ...event, i: `${event.i}'` })) },
    "an identity that reads like a place": { stream: "id i", events: EVENTS.map((event, i) => ({ ...event, i })) },
    "a timeout": { rule: timeout, events: EVENTS.slice(0, 1) },
    "a timeout at another time": { rule: timeout.replace("10ms", "11ms"), events: EVENTS.slice(0, 1) },
    "a match of the same events": {
      rule: "rule r { from s key by k pattern { begin a } }",
      events: EVENTS.slice(0, 1),
    },
    "an absence": {
      rule: RULE.replace("followedBy b", "notFollowedBy b").replace('"a"  ', '"a" times(2)  '),
      events: [EVENTS[0]!, { ...EVENTS[0]!, at: 2 }],
    },
  };
  const ids = Object.entries(different).map(([what, run]) => [alertOf(run).id, what] as const);
  expect(ids.filter(([id], i) => ids.findIndex(([other]) => other === id) !== i)).toEqual([]);
});

describe("is the same", () => {
  test.each<[string, Run, Run]>([
    [
      "whatever the alert says about the match",
      {},
      { rule: RULE.replace("from s", "severity critical from s").replace(" } }", " } emit { n = 1 } suppress 1h }") },
    ],
    ["whatever stands in the events beside", {}, { events: EVENTS.map((event) => ({ ...event, more: true })) }],
    ["whenever the events were", {}, { events: EVENTS.map((event) => ({ ...event, at: event.at + 100 })) }],
    [
      "whatever came before, where identities are declared",
      { stream: "id i" },
      { stream: "id i", before: [{ at: 0, k: 1, t: "x", i: "w" }] },
    ],
    [
      "in whatever order the key's fields stand",
      { events: withKey({ a: 1, b: 2 }) },
      { events: withKey({ b: 2, a: 1 }) },
    ],
  ])("%s", (_, one, other) => {
    expect(alertOf(other).id).toBe(alertOf(one).id);
  });
});
