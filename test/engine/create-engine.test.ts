import { describe, expect, test } from "@jest/globals";
import { createEngine, RuleError, UserError, type Output } from "../../src/index.ts";

const RULES = `
  stream s { time at }
  rule pair { from s key by k pattern { begin a where t == "a" followedBy b where t == "b" within 10ms } on timeout emit { lost = true } }`;

/** Events as `a1@5`: type, key, time. */
function push(engine: ReturnType<typeof createEngine>, ...events: string[]): Output[] {
  return events.flatMap((text) => {
    const [t, k, at] = /^(\w)(\w)@(\d+)$/.exec(text)!.slice(1);
    return engine.push("s", { t: t!, k: k!, at: Number(at) });
  });
}

function kinds(outputs: readonly Output[]): string[] {
  return outputs.map((output) =>
    output.kind === "alert" ? `${output.alert.kind} ${output.alert.key as string}` : "late",
  );
}

describe("time", () => {
  test("the end of a stream closes what is open, and comes to an end itself", () => {
    const engine = createEngine({ rules: RULES });
    expect(kinds(push(engine, "a1@1", "a2@2"))).toEqual([]);
    expect(kinds(engine.watermark("s", "end"))).toEqual(["timeout 1", "timeout 2"]);
    expect(kinds(push(engine, "a1@20"))).toEqual(["late"]);
  });

  test("a stream that has ended is open again when it is put again", () => {
    const engine = createEngine({ rules: RULES });
    engine.watermark("s", "end");
    engine.apply({ kind: "rules", offset: 1, source: "stream s { time at }" });
    expect(kinds(push(engine, "a1@1", "b1@2"))).toEqual(["match 1"]);
  });

  test("a paused rule stays so when a stream of its is open again, and nothing that is due comes of it (S9.15)", () => {
    const streams = "stream s { time at } stream r { time at }";
    const absent = 'pattern { begin a where t == "a"  notFollowedBy b where t == "b"  within 10ms }';
    const engine = createEngine({ rules: `${streams} rule absent { from s, r  key by k  ${absent} }` });
    push(engine, "a1@1");
    engine.apply({ kind: "rulePaused", offset: 1, name: "absent" });
    push(engine, "c1@30");
    engine.watermark("r", "end");
    engine.apply({ kind: "rules", offset: 3, source: streams });
    expect(kinds(push(engine, "c1@31"))).toEqual([]);
    engine.apply({ kind: "ruleResumed", offset: 5, name: "absent" });
    expect(kinds(push(engine, "a2@40", "c1@51"))).toEqual(["match 2"]);
  });

  test("an explicit watermark fires deadlines up to and at its time", () => {
    const engine = createEngine({ rules: RULES });
    push(engine, "a1@1");
    expect(kinds(engine.watermark("s", 10))).toEqual([]);
    expect(kinds(engine.watermark("s", 11))).toEqual(["timeout 1"]);
  });

  test("outputs of one record are ordered by time, then rule, then key", () => {
    const engine = createEngine({ rules: RULES });
    push(engine, "a2@1", "a1@1", "a3@0".replace("@0", "@1"));
    expect(kinds(engine.watermark("s", 100))).toEqual(["timeout 1", "timeout 2", "timeout 3"]);
  });
});

describe("rules", () => {
  test("a refused text throws a RuleError with its diagnostics", () => {
    const refused = (): unknown => createEngine({ rules: "rule x { from s pattern { begin a } } rule x {" });
    expect(refused).toThrow(RuleError);
    expect(refused).toThrow(expect.objectContaining({ diagnostics: [expect.anything()] }) as unknown as Error);
  });

  test("a changed rule gets the next version, keeps its state when it matches as before, and never reuses a number", () => {
    const engine = createEngine({ rules: RULES });
    push(engine, "a1@1");
    const same = RULES.replace("within 10ms }", "within 10ms } emit { n = 1 }");
    engine.apply({ kind: "rules", offset: 10, source: same });
    const [first] = push(engine, "b1@2");
    expect(first).toMatchObject({ alert: { version: 2, emit: { n: 1 } } });

    push(engine, "a1@3");
    engine.apply({ kind: "rules", offset: 20, source: same.replace('"b"', '"c"') });
    expect(push(engine, "b1@4", "c1@4")).toEqual([]);

    engine.apply({ kind: "ruleRemoved", offset: 30, name: "pair" });
    engine.apply({ kind: "rules", offset: 31, source: RULES });
    expect(push(engine, "a1@5", "b1@6")).toMatchObject([{ alert: { version: 4 } }]);
  });

  test("a new rule sees the events that still wait for the watermark", () => {
    const engine = createEngine({ rules: "stream s { time at watermark bounded 100ms }" });
    push(engine, "a1@1");
    engine.apply({ kind: "rules", offset: 5, source: RULES.replace("stream s { time at }", "") });
    push(engine, "b1@2");
    expect(kinds(engine.watermark("s", 2))).toEqual(["match 1"]);
  });
});

describe("push", () => {
  const engine = createEngine({ rules: "stream s { time at id eid } rule r { from s pattern { begin a } }" });
  const refusals: readonly (readonly [string, unknown, string])[] = [
    ["no object", 5, "not-an-object"],
    ["an array", [], "not-an-object"],
    ["no time", { eid: "1" }, "missing-time"],
    ["a time that is none", { eid: "1", at: "yesterday" }, "bad-time"],
    ["seconds with a fraction", { eid: "1", at: 1700000000.5 }, "bad-time"],
    ["no id", { at: 1 }, "missing-id"],
    ["an id that is an object", { at: 1, eid: {} }, "bad-id"],
  ];
  test.each(refusals)("%s is refused", (_, event, code) => {
    const refused = (): unknown => engine.push("s", event as never);
    expect(refused).toThrow(UserError);
    expect(refused).toThrow(expect.objectContaining({ code }) as unknown as Error);
  });

  test("an event of a stream that is not known is refused, with the one perhaps meant", () => {
    expect(() => engine.push("t", {})).toThrow("there is no stream `t`");
  });

  test("a redelivered event is taken once", () => {
    expect(engine.push("s", { at: 1, eid: "x" })).toHaveLength(1);
    expect(engine.push("s", { at: 2, eid: "x" })).toHaveLength(0);
  });

  test.each([0, -1, Date.parse("9999-12-31T23:59:59.999Z"), Date.parse("0000-01-01T00:00:00Z")])(
    "an event time of %d is as good as another",
    (at) => {
      const fresh = createEngine({ rules: RULES });
      expect(kinds([...fresh.push("s", { t: "a", k: "1", at }), ...fresh.push("s", { t: "b", k: "1", at })])).toEqual([
        "match 1",
      ]);
    },
  );
});
