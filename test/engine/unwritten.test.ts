/** What waits to be written: every alert, and the newest late events of each stream. */

import { expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import type { Output } from "../../src/engine/output.ts";
import { Unwritten } from "../../src/engine/log/unwritten.ts";
import { late, output } from "../store/samples.ts";

test("of a flood of late events only those are written that would be kept", () => {
  const unwritten = new Unwritten();
  expect([unwritten.isEmpty, unwritten.take()]).toEqual([true, []]);
  const max = limits.lateEventsKeptMax;
  unwritten.add(late(1, { stream: "other" }));
  for (let offset = 2; offset < 3 * max + 5; offset++) unwritten.add(late(offset));
  unwritten.add(output("a"));
  expect([unwritten.isEmpty, unwritten.alerts]).toEqual([false, 1]);

  const taken = unwritten.take();
  const offsetsOf = (stream: string): number[] =>
    taken.flatMap((each: Output) => (each.kind === "late" && each.stream === stream ? [each.offset] : []));
  expect(taken[0]).toEqual(output("a"));
  expect(offsetsOf("other")).toEqual([1]);
  expect(offsetsOf("logins")).toEqual(Array.from({ length: max }, (_, i) => 2 * max + 5 + i));
  expect([unwritten.isEmpty, unwritten.take()]).toEqual([true, []]);
});
