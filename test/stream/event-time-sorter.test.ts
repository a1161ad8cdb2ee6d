/** Records in the order of event time: each goes on as soon as no earlier one can come (S1.4). */

import { expect, test } from "@jest/globals";
import { boundedOutOfOrderness, StreamEnvironment } from "../../src/stream/index.ts";
import { drain, observe } from "./observed.ts";

test("a record just beyond the watermark goes on at once, whatever waits behind it", () => {
  const env = new StreamEnvironment();
  const source = env.source<string>("s", { watermarks: boundedOutOfOrderness(2) });
  const seen = observe(source.inEventTime());
  const task = env.createTask();
  task.push(source, "later", 10);
  expect(drain(seen)).toBe("|7");
  task.push(source, "next", 8);
  expect(drain(seen)).toBe("next@8");
  task.push(source, "late", 7);
  expect(drain(seen)).toBe("late@7");
  task.push(source, "newest", 12);
  expect(drain(seen)).toBe("|9 later@10");
});
