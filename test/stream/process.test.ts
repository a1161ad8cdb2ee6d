import { describe, expect, test } from "@jest/globals";
import {
  ascendingTimestamps,
  mapState,
  StreamEnvironment,
  valueState,
  type KeyedProcessFunction,
  type ReadOnlyMapState,
} from "../../src/stream/index.ts";
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
  test("a watermark goes on only after its timers have fired, and these in the order of time", () => {
    check("a5+9 b6+7 a12", "|4 |5 b7@7 a9@9 |11");
  });

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

describe("keys", () => {
  const seenBefore = valueState<number>({ name: "seen" });

  function counts(keys: readonly unknown[]): number[] {
    const env = new StreamEnvironment();
    const source = env.source<{ key: unknown }>("source");
    const seen: number[] = [];
    source
      .keyBy(({ key }) => key as string)
      .process<never>(() => ({
        processElement(_, context) {
          const state = context.state(seenBefore);
          state.update((state.value() ?? 0) + 1);
          seen.push(state.value()!);
        },
      }));
    const task = env.createTask();
    for (const key of keys) task.push(source, { key }, 1);
    return seen;
  }

  test("are any JSON, and equal by what they hold", () => {
    expect(counts(["1", 1, null, true, "true", "null"])).toEqual([1, 1, 1, 1, 1, 1]);
    expect(counts([{ a: 1, b: 2 }, { b: 2, a: 1 }, [1], '{"a":1,"b":2}', [1]])).toEqual([1, 2, 1, 1, 2]);
    expect(counts([0, -0])).toEqual([1, 2]);
  });

  test("that are no JSON are refused", () => {
    expect(() => counts([undefined])).toThrow("process-1: the key of a record is undefined; expected JSON");
    expect(() => counts([Number.NaN])).toThrow("process-1: the key of a record is NaN; expected JSON");
  });
});

describe("a broadcast side", () => {
  const limits = mapState<string, number>({ name: "limits" });
  const last = valueState<number>({ name: "last" });

  function job() {
    const env = new StreamEnvironment();
    const amounts = env.source<number>("amounts");
    const rules = env.source<{ name: string; limit: number }>("rules");
    let reader: ReadOnlyMapState<string, number> | null = null;
    const alerts = amounts
      .keyBy((amount) => amount % 2)
      .connect(rules.broadcast(limits))
      .process<string>(() => ({
        processElement(amount, context) {
          reader = context.broadcastState(limits);
          context.state(last).update(amount);
          for (const [name, limit] of reader.entries()) if (amount > limit) context.collect(`${name} ${amount}`);
        },
        processBroadcastElement({ name, limit }, context) {
          context.broadcastState(limits).put(name, limit);
          context.applyToKeyedState(last, (key, state) => context.collect(`${key} was ${state.value()}`));
        },
      }));
    const seen: string[] = [];
    alerts.sinkTo((text) => void seen.push(text));
    return { env, amounts, rules, seen, reader: () => reader };
  }

  test("is read by every key, and reaches every key's state", () => {
    for (const parallelism of [1, 3]) {
      const { env, amounts, rules, seen } = job();
      const task = env.createTask({ parallelism });
      task.push(amounts, 10, 1);
      task.push(rules, { name: "big", limit: 5 }, 1);
      task.push(amounts, 7, 1);
      task.push(amounts, 3, 1);
      expect(seen).toEqual(["0 was 10", "big 7"]);
    }
  });

  test("is written from there only", () => {
    const { env, amounts, reader } = job();
    env.createTask().push(amounts, 10, 1);
    expect(Object.keys(reader()!)).not.toContain("put");
  });

  test("has the state that was declared", () => {
    const env = new StreamEnvironment();
    const amounts = env.source<number>("amounts");
    amounts.connect(amounts.broadcast(limits)).process(() => ({
      processElement: (_, context) => void context.broadcastState(mapState<string, number>({ name: "limit" })),
      processBroadcastElement() {},
    }));
    expect(() => env.createTask().push(amounts, 1, 1)).toThrow(
      "process-1: `limit` is no broadcast state of it; declared: limits",
    );
  });

  test("has no state that expires", () => {
    const expiring = mapState<string, number>({ name: "limits", ttl: { ms: 5 } });
    expect(() => new StreamEnvironment().source("rules").broadcast(expiring)).toThrow(
      "the broadcast state `limits` has a time to live, and subtasks would forget at different moments",
    );
  });
});
