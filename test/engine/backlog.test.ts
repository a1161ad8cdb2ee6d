/** Since when the oldest chunk has waited. */

import { expect, test } from "@jest/globals";
import { Backlog } from "../../src/engine/log/backlog.ts";

test("the oldest chunk that is not written out tells since when it waits", () => {
  const backlog = new Backlog();
  expect(backlog.since(0)).toBeNull();
  backlog.add(5, { at: 100, written: 0 });
  backlog.add(9, { at: 200, written: 0 });
  expect([0, 4, 5, 8, 9].map((written) => backlog.since(written))).toEqual([100, 100, 200, 200, null]);
  backlog.add(12, { at: 300, written: 9 });
  expect(backlog.since(9)).toBe(300);
});
