/** Records that nobody gives a time. */

import { describe, expect, test } from "@jest/globals";
import { callbackSink, execute, fromArray } from "../../src/connect/index.ts";
import { StreamEnvironment, type ProcessFunction } from "../../src/stream/index.ts";

const timed = (): ProcessFunction<string, readonly [string, number]> => ({
  processElement: (value, context) => context.collect([value, context.timestamp]),
});

describe("a source without times", () => {
  test("a record has the time at which it is taken", async () => {
    const env = new StreamEnvironment();
    const seen: (readonly [string, number])[] = [];
    env
      .fromSource("words", fromArray(["a", "b"]))
      .process(timed)
      .sinkTo(callbackSink((values) => void seen.push(...values)));
    const clock = { now: () => 1_700, after: () => () => undefined };
    await execute(env, { clock }).finished;
    expect(seen).toEqual([
      ["a", 1_700],
      ["b", 1_700],
    ]);
  });
});
