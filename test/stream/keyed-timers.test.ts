/** Timers of process functions: of event and of processing time. */

import { describe, expect, test } from "@jest/globals";
import { StreamEnvironment, ascendingTimestamps, type KeyedProcessFunction } from "../../src/stream/index.ts";
import { drain, observe } from "./observed.ts";

interface Step {
  readonly key: string;
  readonly at: number;
  readonly do: string;
}

/** `a5+9` sets key a's timer at 9 from a record at 5, `a5-9` deletes it, `a5*9` sets one of processing time; `~9` is processing time. */
function check(
  input: string,
  expected: string,
  onTimer: KeyedProcessFunction<string, Step, string>["onTimer"] = (at, context) =>
    context.collect(`${context.key}${context.timeDomain === "event" ? "" : "~"}${at}`),
): void {
  const env = new StreamEnvironment();
  const steps = env.source<Step>("steps", { timestamp: ({ at }) => at, watermarks: ascendingTimestamps() });
  const seen = observe(
    steps
      .keyBy(({ key }) => key)
      .process<string>(() => ({
        processElement({ do: what }, context) {
          const at = Number(what.slice(1));
          if (what.startsWith("+")) context.registerEventTimeTimer(at);
          if (what.startsWith("-")) context.deleteEventTimeTimer(at);
          if (what.startsWith("*")) context.registerProcessingTimeTimer(at);
          if (what.startsWith("/")) context.deleteProcessingTimeTimer(at);
        },
        onTimer: onTimer!,
      })),
  );
  const task = env.createTask();
  for (const step of input.split(" ")) {
    const [, key = "", at = "", what = ""] = /^([a-z~])(\d+)(.*)$/.exec(step) ?? [];
    if (step === "end") task.end();
    else if (key === "~") task.advanceProcessingTime(Number(at));
    else task.push(steps, { key, at: Number(at), do: what });
  }
  expect(drain(seen)).toBe(expected);
}

describe("timers", () => {
  // S11.4
  test("a watermark goes on only after its timers have fired, and these in the order of time", () => {
    check("a5+9 b6+7 a12", "|4 |5 b7@7 a9@9 |11");
  });

  // S11.5
  test("one per key and timestamp", () => {
    check("a5+9 a5+9 b5+9 a12", "|4 a9@9 b9@9 |11");
  });

  test("can be deleted, and set again", () => {
    check("a5+9 a5-9 a5-9 a12", "|4 |11");
    check("a5+9 a5-9 a5+9 a12", "|4 a9@9 |11");
  });

  test("of processing time go by that, and are apart from those of event time", () => {
    check("a5*9 a5+9 a5-9 ~8 ~9 end", "|4 a~9@9 |Infinity");
    check("a5*9 a5/9 ~9 end", "|4 |Infinity");
  });

  test("set in the past fire with the next watermark", () => {
    check("a5+2 a6", "a2@2 |4 |5");
  });

  test("may set further ones, which fire if they are due", () => {
    check("a5+7 a12", "|4 a7@7 a8@8 a9@9 a10@10 a11@11 |11", (at, context) => {
      context.collect(`a${at}`);
      context.registerEventTimeTimer(at + 1);
    });
  });

  // S11.6
  test("that set further ones for ever are found out at the end", () => {
    const again = (at: number, context: { registerEventTimeTimer(at: number): void }): void =>
      context.registerEventTimeTimer(at + 1);
    expect(() => check("a5+7 end", "", again)).toThrow("timers have set more than 1000000 further timers");
  });

  test("a timer at no time is refused", () => {
    expect(() => check("a5+x", "")).toThrow(
      'process-1: a timer of the key "a" was set to NaN; expected whole epoch milliseconds',
    );
  });
});
