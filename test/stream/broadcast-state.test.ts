/** State that one side writes for all keys of the other. */

import { describe, expect, test } from "@jest/globals";
import { mapState, StreamEnvironment, valueState, type ReadOnlyMapState } from "../../src/stream/index.ts";

// S11.20
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
