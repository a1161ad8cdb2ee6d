/** Suppression (S7.4), by itself and under an engine: what is held, by which alert, how many, and for how long it is remembered. */

import { describe, expect, test } from "@jest/globals";
import { Suppression } from "../../src/engine/rules/suppression.ts";
import { createEngine } from "../../src/index.ts";

/** Judges alerts written `a@5` (scope, time of the last event) under `suppress 10ms`: `sent`, `sent, 2 held before`, `held by 1`. */
function judge(suppression: Suppression, ...alerts: readonly string[]): string[] {
  return alerts.map((text, index) => {
    const [scope, time] = text.split("@") as [string, string];
    const request = { rule: "r", scope, alert: String(index + 1), lastEventTime: Number(time), forMs: 10 };
    const verdict = suppression.judge(request);
    if (verdict.kind === "held") return `held by ${verdict.by}`;
    return verdict.suppressed === 0 ? "sent" : `sent, ${verdict.suppressed} held before`;
  });
}

function check(alerts: string, verdicts: readonly string[]): void {
  expect(judge(new Suppression(), ...alerts.split(" "))).toEqual(verdicts);
}

describe("an alert", () => {
  test("is held while its last event is earlier than that of the one sent last + D", () => {
    check("a@0 a@9 a@10", ["sent", "held by 1", "sent, 1 held before"]);
  });

  test("that is held does not extend D", () => {
    check("a@0 a@5 a@9 a@12 a@21", ["sent", "held by 1", "held by 1", "sent, 2 held before", "held by 4"]);
  });

  test("whose last event is earlier than that of the one sent is held as well", () => {
    check("a@100 a@50", ["sent", "held by 1"]);
  });

  test("is held by those of its own scope only", () => {
    check("a@0 b@1 a@2 b@3", ["sent", "sent", "held by 1", "held by 2"]);
  });

  test("is held by its own rule only", () => {
    const suppression = new Suppression();
    const request = { scope: "a", alert: "1", lastEventTime: 0, forMs: 10 };
    const verdicts = ["r", "q", "r"].map((rule) => suppression.judge({ ...request, rule }).kind);
    expect(verdicts).toEqual(["sent", "sent", "held"]);
  });
});

describe("what is remembered", () => {
  test("goes when it can hold nothing any more, but for the count that the next one tells", () => {
    const suppression = new Suppression();
    judge(suppression, "a@0", "a@1", "b@5");
    suppression.forget("r", 9);
    expect(suppression.snapshot()).toMatchObject([
      [
        "r",
        {
          sent: [
            ["a", {}],
            ["b", {}],
          ],
        },
      ],
    ]);
    suppression.forget("r", 10);
    expect(suppression.snapshot()).toMatchObject([["r", { sent: [["b", {}]], held: [["a", 1]] }]]);
    expect(judge(suppression, "a@20")).toEqual(["sent, 1 held before"]);
  });

  test("is found although an older scope was sent again", () => {
    const suppression = new Suppression();
    judge(suppression, "a@0", "b@5", "a@10");
    suppression.forget("r", 15);
    expect(suppression.snapshot()).toMatchObject([["r", { sent: [["a", {}]] }]]);
  });

  test("goes with the rule", () => {
    const suppression = new Suppression();
    judge(suppression, "a@0");
    suppression.remove("r");
    expect(judge(suppression, "a@1")).toEqual(["sent"]);
  });

  test("survives a snapshot", () => {
    const [before, after] = [new Suppression(), new Suppression()];
    judge(before, "a@0", "a@1", "b@5");
    after.restore(JSON.parse(JSON.stringify(before.snapshot())) as never);
    expect(judge(after, "a@9", "b@10", "a@10")).toEqual(["held by 1", "held by 3", "sent, 2 held before"]);
  });
});

/** How many keys of a hundred, each of which has had its alert, are remembered under `suppress 10ms`. */
function remembered(pattern: string): number {
  const engine = createEngine({
    rules: `stream s { time at } rule r { from s key by k pattern { ${pattern} } on timeout emit { } suppress 10ms }`,
  });
  for (let k = 0; k < 100; k++) for (const t of ["a", "b"]) engine.push("s", { at: 100 * k, k, t });
  const [[, { sent }] = ["r", { sent: [] }]] = engine.snapshot().suppression;
  return sent.length;
}

describe("scopes are remembered no longer than the pattern may take to tell of them", () => {
  test.each([
    ["a single event tells at once", "begin a where t == 'b'", 1],
    ["so does a sequence, where no match is held", "begin a where t == 'a' followedBy b where t == 'b' skip none", 1],
    ["a match is told within `within`", "begin a where t == 'a' followedBy b where t == 'b' within 50ms", 1],
    ["and within longer", "begin a where t == 'a' followedBy b where t == 'b' within 350ms", 4],
    [
      "a timeout is told when its gap has run out",
      "begin a where t == 'a' followedBy c where t == 'c' gap 250ms skip none",
      1,
    ],
    ["a match may be held for ever", "begin a where t == 'a' followedBy b where t == 'b'", 100],
  ])("%s", (_, pattern, expected) => {
    expect(remembered(pattern)).toBe(expected);
  });
});
