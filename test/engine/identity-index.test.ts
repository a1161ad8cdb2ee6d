/** Identities (S2.3) count by event time alone: neither when they came nor when the index was last tidied decides. */

import { describe, expect, test } from "@jest/globals";
import { IdentityIndex } from "../../src/engine/log/identity-index.ts";
import { Random } from "../support/oracle/random.ts";

const DEDUPE = 10;

function indexOf(events: readonly (readonly [id: string, time: number])[]): IdentityIndex {
  const index = new IdentityIndex();
  for (const [id, time] of events) index.add(id, time, DEDUPE);
  return index;
}

describe("an identity", () => {
  test("is known while its event is at most `dedupe` behind the greatest time", () => {
    expect(indexOf([["a", 0]]).has("a", DEDUPE)).toBe(true);
    expect(
      indexOf([
        ["a", 0],
        ["b", 10],
      ]).has("a", DEDUPE),
    ).toBe(true);
    expect(
      indexOf([
        ["a", 0],
        ["b", 11],
      ]).has("a", DEDUPE),
    ).toBe(false);
  });

  test("is not known before it was taken", () => {
    expect(new IdentityIndex().has("a", DEDUPE)).toBe(false);
  });

  test("of an event far behind is not known again", () => {
    expect(
      indexOf([
        ["b", 100],
        ["a", 0],
      ]).has("a", DEDUPE),
    ).toBe(false);
  });

  test("goes by its latest event", () => {
    expect(
      indexOf([
        ["a", 0],
        ["b", 11],
        ["a", 11],
        ["b", 15],
      ]).has("a", DEDUPE),
    ).toBe(true);
  });

  test("survives a snapshot", () => {
    const index = new IdentityIndex();
    const identities = indexOf([
      ["a", 0],
      ["b", 5],
      ["c", 15],
    ]).entries();
    index.restore(15, [...identities]);
    expect(["a", "b", "c"].map((id) => index.has(id, DEDUPE))).toEqual([false, true, true]);
  });
});

describe("among fifty thousand identities", () => {
  const random = new Random(1);
  const events = Array.from({ length: 50_000 }, (_, i) => [`e${i}`, i + random.between(-200, 0)] as const);
  const horizon = Math.max(...events.map(([, time]) => time)) - 1000;

  test("those within `dedupe` are known, and no others", () => {
    const index = new IdentityIndex();
    for (const [id, time] of events) index.add(id, time, 1000);
    const known = events.filter(([id]) => index.has(id, 1000));
    expect(known).toEqual(events.filter(([, time]) => time >= horizon));
  });

  test("the rest is not kept for long", () => {
    const index = new IdentityIndex();
    for (const [id, time] of events) {
      index.add(id, time, 1000);
      if (index.size > 10_000) throw new Error(`${index.size} are kept`);
    }
  });
});
