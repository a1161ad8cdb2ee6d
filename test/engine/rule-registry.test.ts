/** Rules that are put, changed, put again and removed, and streams that are described anew under them. */

import { describe, expect, test } from "@jest/globals";
import { createEngine, type Output, type TriplineEngine } from "../../src/index.ts";

const PAIR = "pattern { begin a where t == 'a'  followedBy b where t == 'b' }";

/** Puts each text; gives the rule's version after each. */
function versions(...texts: readonly string[]): (number | undefined)[] {
  const engine = createEngine({ rules: "stream s { time at }" });
  return texts.map((source) => {
    put(engine, source);
    return engine.snapshot().rules.find(({ name }) => name === "r")?.version;
  });
}

function put(engine: TriplineEngine, source: string): void {
  engine.apply({ kind: "rules", offset: engine.snapshot().nextOffset, source });
}

/** Events as `a1@s`: type, time, stream. Gives what each alert took, as `v2 a1 b2`. */
function push(engine: TriplineEngine, ...events: readonly string[]): string[] {
  const outputs = events.flatMap((text) => {
    const [t, at, stream] = /^(\w)(\d+)@(\w)$/.exec(text)!.slice(1);
    return engine.push(stream!, { t: t!, at: Number(at) });
  });
  return outputs.map(told);
}

function told(output: Output): string {
  if (output.kind === "late") return `late ${output.offset}`;
  const { version, events } = output.alert;
  const taken = Object.values(events).flat();
  return [`v${version}`, ...taken.map(({ data }) => `${data["t"] as string}${data["at"] as number}`)].join(" ");
}

describe("versions", () => {
  const R = `rule r { from s ${PAIR} }`;

  test("grow with each change, and only then", () => {
    expect(versions(R, R, `${R} # no part of the block`, R.replace("'b'", "'c'"), R)).toEqual([1, 1, 1, 2, 3]);
  });

  test("are each rule's own", () => {
    expect(versions(`${R} rule q { from s pattern { begin a } }`, "rule q { from s pattern { begin b } }")).toEqual([
      1, 1,
    ]);
  });

  test("stay when a stream is described anew", () => {
    expect(versions(R, "stream s { time at  late drop }")).toEqual([1, 1]);
  });
});

describe("a rule over several streams", () => {
  const RULES = `stream s { time at } stream r { time at } rule r { from s, r ${PAIR} }`;

  test("goes on when it is changed, although it is the only one", () => {
    const engine = createEngine({ rules: RULES });
    expect(push(engine, "a1@s")).toEqual([]);
    put(engine, `rule r { from s, r  severity low  ${PAIR} }`);
    expect(push(engine, "b2@r", "x3@s", "x3@r")).toEqual(["v2 a1 b2"]);
  });

  test("goes on when one of them is described anew", () => {
    const engine = createEngine({ rules: RULES });
    expect(push(engine, "a1@s")).toEqual([]);
    put(engine, "stream r { time at  late drop }");
    expect(push(engine, "b2@r", "x3@s", "x3@r")).toEqual(["v1 a1 b2"]);
  });

  test("may go over to others, and begins anew there", () => {
    const engine = createEngine({ rules: RULES });
    expect(push(engine, "a1@s")).toEqual([]);
    put(engine, `rule r { from s ${PAIR} }`);
    expect(push(engine, "b2@s", "a3@s", "b4@r", "b5@s")).toEqual(["v2 a3 b5"]);
    put(engine, `rule r { from s, r ${PAIR} }`);
    expect(push(engine, "a6@s", "b7@r", "x8@s")).toEqual(["v3 a6 b7"]);
  });

  test("leaves nothing behind when it is removed", () => {
    const engine = createEngine({ rules: RULES });
    engine.apply({ kind: "ruleRemoved", offset: 0, name: "r" });
    expect(Object.keys(engine.snapshot().job!.operators).sort()).toEqual([
      "input r",
      "input s",
      "stream r",
      "stream s",
    ]);
    expect(push(engine, "a1@s", "b2@r", "x3@s")).toEqual([]);
  });
});

describe("a stream that is described anew", () => {
  const RULE = "rule r { from s pattern { begin a where when > '1970-01-01T00:00:01Z' } emit { when = when } }";

  function emitted(engine: TriplineEngine): unknown {
    const [output] = engine.push("s", { at: 1, when: "1970-01-01T00:00:02Z" });
    return output?.kind === "alert" ? output.alert.emit["when"] : undefined;
  }

  test.each([
    ["alone", ""],
    ["in one file with the rule, which is as it was", RULE],
  ])("decides how its rules read their fields: %s", (_, rule) => {
    const engine = createEngine({ rules: `stream s { time at } ${RULE}` });
    expect(emitted(engine)).toBe("1970-01-01T00:00:02Z");
    put(engine, `stream s { time at  schema { at: number, when: timestamp } } ${rule}`);
    expect(emitted(engine)).toBe(2000);
  });
});

// S10.16
test("windows of a stream that begins anew are others, also after a restore", () => {
  const stream = "stream s { time at }";
  let engine = createEngine({ rules: `${stream} rule w { from s window { tumbling 10ms } emit { n = count() } }` });
  const ids: string[] = [];
  for (let round = 0; round < 3; round++) {
    const outputs = [...engine.push("s", { at: 5 }), ...engine.watermark("s", "end")];
    for (const output of outputs) if (output.kind === "alert") ids.push(output.alert.id);
    put(engine, stream);
    engine = createEngine({ rules: stream, snapshot: engine.snapshot() });
  }
  expect(new Set(ids).size).toBe(3);
});
