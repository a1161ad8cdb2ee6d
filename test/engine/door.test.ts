/** The door: what becomes an event, with which time and identity, and what is refused, with the words that are said of it. */

import { describe, expect, test } from "@jest/globals";
import type { Json } from "../../src/core/event.ts";
import { limits } from "../../src/core/limits.ts";
import { Door, type Admission } from "../../src/engine/log/door.ts";
import { parseRules } from "../../src/index.ts";
import type { StreamDefinition } from "../../src/lang/definition.ts";

function stream(clauses: string): StreamDefinition {
  const { streams, diagnostics } = parseRules(`stream s { ${clauses} }`);
  expect(diagnostics).toEqual([]);
  return streams[0]!;
}

function admit(door: Door, definition: StreamDefinition, document: Json, at = 0): Admission {
  return door.admit(definition, document, { at, offset: 0 });
}

/** What comes of each document, in turn: an event's time, `duplicate`, or why it is refused. */
function check(clauses: string, documents: readonly Json[], expected: readonly (number | string)[]): void {
  const door = new Door();
  const definition = stream(clauses);
  const told = documents.map((document) => {
    const admission = admit(door, definition, document);
    if (admission.kind === "accepted") return admission.record.time;
    return admission.kind === "duplicate" ? "duplicate" : `${admission.code}: ${admission.message}`;
  });
  expect(told).toEqual(expected);
}

function nested(levels: number): Json {
  let value: Json = 0;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

describe("an event's time", () => {
  // S1.1
  test("is RFC 3339 text or whole epoch milliseconds", () => {
    check(
      "time at",
      [{ at: 5 }, { at: "1970-01-01T00:00:01Z" }, { at: -5 }, { at: "2024-02-29T23:59:60+01:00" }],
      [5, 1000, -5, Date.parse("2024-02-29T22:59:59.999Z")],
    );
  });

  test("may lie deep, or under a name that is no word", () => {
    check("time meta.times[1]", [{ meta: { times: [1, 2] } }], [2]);
    check('time event["@timestamp"]', [{ "@timestamp": 7 }], [7]);
  });

  test("is told by its path where it is missing or makes no sense", () => {
    check(
      "time meta.at",
      [{ meta: {} }, { meta: { at: null } }, { meta: { at: "noon" } }, { meta: { at: [1] } }],
      [
        "missing-time: the event has no `meta.at`, which the stream declares as its time",
        "missing-time: the event has no `meta.at`, which the stream declares as its time",
        'bad-time: `meta.at`: expected RFC 3339 text or whole epoch milliseconds, found "noon"',
        "bad-time: `meta.at`: expected RFC 3339 text or whole epoch milliseconds, found an array",
      ],
    );
  });

  test("is that of arrival where the stream declares none, and that never goes back", () => {
    const door = new Door();
    const definition = stream("");
    const times = [7, 5, 9].map((at) => admit(door, definition, {}, at));
    expect(times).toMatchObject([{ record: { time: 7 } }, { record: { time: 7, at: 7 } }, { record: { time: 9 } }]);
  });

  test("goes on from what is in the log, after a restart", () => {
    const door = new Door();
    const definition = stream("");
    door.replay(definition, { kind: "event", offset: 0, stream: "s", time: 7, at: 7, data: {} });
    expect(admit(door, definition, {}, 5)).toMatchObject({ record: { time: 7 } });
  });
});

describe("a refusal", () => {
  test("says what to try, where seconds were meant", () => {
    expect(admit(new Door(), stream("time at"), { at: 1.5 })).toMatchObject({ hint: "multiply seconds by 1000" });
  });

  test.each<[string, Json, string]>([
    ["text", "x", 'expected a JSON object, found "x"'],
    ["nothing", null, "expected a JSON object, found null"],
    ["a list", [{}], "expected a JSON object, found an array"],
    ["a long text, cut", "x".repeat(100), `expected a JSON object, found "${"x".repeat(56)}...`],
  ])("of %s quotes it", (_, document, message) => {
    expect(admit(new Door(), stream(""), document)).toMatchObject({ code: "not-an-object", message });
  });

  test("of what nests too deep", () => {
    const { eventDepthMax } = limits;
    const document = (levels: number): Json => ({ a: nested(levels - 1) });
    expect(admit(new Door(), stream(""), document(eventDepthMax))).toMatchObject({ kind: "accepted" });
    expect(admit(new Door(), stream(""), document(eventDepthMax + 1))).toMatchObject({ code: "too-deep" });
  });

  // S2.1: a log that is read again must give the very event
  test.each([
    ['{ "a": { "b": [1, 1e400] } }', "bad-number", "`a.b[1]` is a number beyond 1.8e308, which no double can hold"],
    ['{ "a": "\\ud800" }', "bad-text", "the text at `a` has half of a surrogate pair; expected Unicode text"],
    ['{ "\\ud800": 1 }', "bad-text", "the field name at `\ufffd` has half of a surrogate pair; expected Unicode text"],
  ])("of %s, which JSON could not write again", (text, code, message) => {
    expect(admit(new Door(), stream(""), JSON.parse(text) as Json)).toMatchObject({ code, message });
  });

  // S2.3
  test("of an id that may be another's", () => {
    expect(admit(new Door(), stream("id i"), JSON.parse('{ "i": 1234567890123456789 }') as Json)).toMatchObject({
      code: "bad-id",
      hint: "send ids of 64 bits as strings",
    });
  });

  // S2.2
  test("of what breaks the schema names the place, and takes no identity", () => {
    check(
      "time at  id i  schema { at: number, i: string, n: { x: number[] }? }",
      [
        { at: 1, i: "a", n: { x: [1, "2"] } },
        { at: 1, i: "a", n: null },
      ],
      ["schema: `n.x[1]`: expected a number, found a string", 1],
    );
  });

  test("of a bad time takes no identity either", () => {
    check(
      "time at  id i",
      [{ i: "a" }, { i: "a", at: 1 }, { i: "a", at: 2 }],
      ["missing-time: the event has no `at`, which the stream declares as its time", 1, "duplicate"],
    );
  });
});

// S2.3
describe("an identity", () => {
  test("is a text or a number, and a number is its text", () => {
    check(
      "time at  id i",
      [{ at: 1, i: 7 }, { at: 2, i: "7" }, { at: 3, i: "" }, { at: 4, i: true }, { at: 5 }],
      [
        1,
        "duplicate",
        3,
        "bad-id: `i`: expected a string or a number, found true",
        "missing-id: the event has no `i`, which the stream declares as its id",
      ],
    );
  });

  test("is the stream's own", () => {
    const door = new Door();
    const [s, r] = parseRules("stream s { time at  id i } stream r { time at  id i }").streams;
    expect(admit(door, s!, { at: 1, i: "a" }).kind).toBe("accepted");
    expect(admit(door, r!, { at: 1, i: "a" }).kind).toBe("accepted");
    expect(admit(door, s!, { at: 1, i: "a" }).kind).toBe("duplicate");
  });

  test("is remembered when the stream is described anew", () => {
    const door = new Door();
    admit(door, stream("time at  id i"), { at: 1, i: "a" });
    expect(admit(door, stream("time at  id i  late drop"), { at: 1, i: "a" }).kind).toBe("duplicate");
  });

  test("is remembered from the log, after a restart", () => {
    const door = new Door();
    const definition = stream("time at  id i");
    door.replay(definition, { kind: "event", offset: 0, stream: "s", time: 1, at: 1, id: "a", data: {} });
    expect(admit(door, definition, { at: 1, i: "a" }).kind).toBe("duplicate");
  });

  test("is remembered for `dedupe`, whatever comes late", () => {
    check(
      "time at  id i  dedupe 10ms",
      [
        { at: 0, i: "a" },
        { at: 11, i: "b" },
        { at: 0, i: "a" },
        { at: 1, i: "b" },
      ],
      [0, 11, 0, "duplicate"],
    );
  });
});

test("the record has what the stream declares, and no more", () => {
  const data = { at: 1, i: "a" };
  const base = { kind: "event", offset: 3, stream: "s", time: 1, at: 9, data };
  const arrival = { at: 9, offset: 3 };
  expect(new Door().admit(stream("time at"), data, arrival)).toEqual({ kind: "accepted", record: base });
  expect(new Door().admit(stream("time at  id i"), data, { ...arrival, partition: "p" })).toEqual({
    kind: "accepted",
    record: { ...base, id: "a", partition: "p" },
  });
});
