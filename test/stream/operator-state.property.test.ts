/** Operator state shared out to any number of subtasks, again and again, against plain lists; fast-check prints the seed of what fails. */

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  listState,
  mapState,
  StreamEnvironment,
  type OperatorContext,
  type Task,
  type TaskSnapshot,
} from "../../src/stream/index.ts";

/** Numbers that come, and then a stop, after which as many subtasks go on. */
interface Round {
  readonly numbers: readonly number[];
  readonly subtasks: number;
}

const round: fc.Arbitrary<Round> = fc.record({
  numbers: fc.array(fc.nat(99), { maxLength: 20 }),
  subtasks: fc.integer({ min: 1, max: 9 }),
});
const rounds = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.array(round, { minLength: 1, maxLength: 6 }));

const split = listState<number>({ name: "split" });
const union = listState<number>({ name: "union" });
const limits = mapState<string, number>({ name: "limits" });

interface Running {
  readonly task: Task;
  readonly contexts: readonly OperatorContext[];
  push(n: number): void;
}

/** Numbers in turn to each subtask, which keeps them; the limit goes to all. */
function start(subtasks: number, snapshot?: TaskSnapshot): Running {
  const env = new StreamEnvironment();
  const numbers = env.source<number>("numbers");
  const contexts: OperatorContext[] = [];
  numbers
    .rebalance()
    .process<never>(() => {
      let context: OperatorContext;
      return {
        open(opened) {
          context = opened;
          contexts[context.subtask] = context;
          // Each leaves of the union what the first takes, so that it stays one list.
          if (context.subtask > 0) context.unionListState(union).clear();
          else context.unionListState(union).update(context.unionListState(union).get());
        },
        processElement(n) {
          context.splitListState(split).add(n);
          context.unionListState(union).add(n);
        },
      };
    })
    .setParallelism(subtasks)
    .named("keeping");
  const task = env.createTask(snapshot === undefined ? {} : { snapshot });
  return { task, contexts, push: (n) => task.push(numbers, n, 0) };
}

// S11.31
test("what was kept is kept, in its order and evenly, whatever the numbers of subtasks", () => {
  fc.assert(
    fc.property(rounds, ([first, rounds]) => {
      let running = start(first);
      let parts = Array.from({ length: first }, () => [] as number[]);
      let whole: number[] = [];
      for (const { numbers, subtasks } of rounds) {
        for (const n of numbers) running.push(n);
        const held = running.contexts.map((context) => [...context.splitListState(split).get()]);
        const joined = held.flat();
        expect(sorted(joined)).toEqual(sorted([...parts.flat(), ...numbers]));
        whole = running.contexts.flatMap((context) => [...context.unionListState(union).get()]);
        for (const context of running.contexts) context.broadcastState(limits).put("numbers", joined.length);

        running = start(subtasks, JSON.parse(JSON.stringify(running.task.snapshot())));
        parts = running.contexts.map((context) => [...context.splitListState(split).get()]);
        expect(parts).toEqual(subtasks === held.length ? held : evenly(joined, subtasks));
        expect(running.contexts[0]!.unionListState(union).get()).toEqual(whole);
        for (const context of running.contexts) {
          expect(context.broadcastState(limits).get("numbers")).toBe(joined.length);
        }
      }
    }),
  );
});

function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}

/** Dealt out one by one to say how many each has, and then cut in order. */
function evenly(all: readonly number[], subtasks: number): number[][] {
  const sizes = Array.from({ length: subtasks }, (_, i) => all.filter((_, n) => n % subtasks === i).length);
  const rest = [...all];
  return sizes.map((size) => rest.splice(0, size));
}
