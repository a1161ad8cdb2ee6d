/** What windows emit: reduced, aggregated, counted, and through window functions. */

import { describe, expect, test } from "@jest/globals";
import {
  boundedOutOfOrderness,
  countTrigger,
  outputTag,
  StreamEnvironment,
  tumblingWindows,
  valueState,
} from "../../src/stream/index.ts";

describe("what windows come to", () => {
  interface Payment {
    readonly card: string;
    readonly amount: number;
  }

  const zero = { sum: 0, n: 0 };
  const sum = {
    createAccumulator: () => zero,
    add: ({ amount }: Payment, acc: { sum: number; n: number }) => ({ sum: acc.sum + amount, n: acc.n + 1 }),
    getResult: (acc: { sum: number; n: number }) => acc.sum / acc.n,
  };

  function payments() {
    const env = new StreamEnvironment();
    const source = env.source<Payment>("payments", { watermarks: boundedOutOfOrderness(0) });
    return { env, source, byCard: source.keyBy(({ card }) => card) };
  }

  function run({ env, source }: ReturnType<typeof payments>): void {
    const task = env.createTask();
    for (const [amount, at] of [
      [1, 1],
      [5, 2],
      [3, 11],
    ] as const)
      task.push(source, { card: "x", amount }, at);
    task.end();
  }

  test("reduce gives one record, at the window's last millisecond", () => {
    const job = payments();
    const seen: unknown[] = [];
    job.byCard
      .window(tumblingWindows({ size: 10 }))
      .reduce((a, b) => (a.amount > b.amount ? a : b))
      .sinkTo(({ amount }, at) => void seen.push([amount, at]));
    run(job);
    expect(seen).toEqual([
      [5, 9],
      [3, 19],
    ]);
  });

  test("aggregate gives its result, alone or to a window function", () => {
    const job = payments();
    const seen: unknown[] = [];
    const windows = job.byCard.window(tumblingWindows({ size: 10 }));
    windows.aggregate(sum).sinkTo((mean) => void seen.push(mean));
    windows
      .aggregate<{ sum: number; n: number }, number, string>(sum, () => ({
        process: ([mean], context) => context.collect(`${context.key} ${mean} until ${context.window.end}`),
      }))
      .sinkTo((text) => void seen.push(text));
    run(job);
    expect(seen).toEqual([3, "x 3 until 10", 3, "x 3 until 20"]);
  });

  // S11.10
  test("count windows are of so many records, or of the last so many", () => {
    const job = payments();
    const seen: unknown[] = [];
    const plus = (a: Payment, b: Payment): Payment => ({ ...a, amount: a.amount + b.amount });
    job.byCard
      .countWindow(2)
      .reduce(plus)
      .sinkTo(({ amount }, at) => void seen.push(["of 2", amount, at]));
    job.byCard
      .countWindow(2, 1)
      .reduce(plus)
      .sinkTo(({ amount }, at) => void seen.push(["last 2", amount, at]));
    run(job);
    expect(seen).toEqual([
      ["last 2", 1, 1],
      ["of 2", 6, 2],
      ["last 2", 6, 2],
      ["last 2", 8, 11],
    ]);
  });

  // S11.16 S11.19
  test("a window function emits to side outputs, with the window's time, also as the window goes", () => {
    const job = payments();
    const large = outputTag<number>("large");
    const over = outputTag<string>("over");
    const seen: unknown[] = [];
    const windows = job.byCard.window(tumblingWindows({ size: 10 })).aggregate<typeof zero, number, never>(sum, () => ({
      process([mean], context) {
        if (mean! > 2) context.sideOutput(large, mean!);
      },
      clear: (context) => context.sideOutput(over, `${context.key} until ${context.window.end}`),
    }));
    windows.sideOutput(large).sinkTo((mean, at) => void seen.push([mean, at]));
    windows.sideOutput(over).sinkTo((text, at) => void seen.push([text, at]));
    run(job);
    expect(seen).toEqual([
      [3, 9],
      ["x until 10", 9],
      [3, 19],
      ["x until 20", 19],
    ]);
  });

  // S11.16
  test("a window function has state by window and by key, and hears of the window's end", () => {
    const job = payments();
    const seen: unknown[] = [];
    const firings = valueState<number>({ name: "firings" });
    const counted = (state: { value(): number | undefined; update(n: number): void }): number => {
      state.update((state.value() ?? 0) + 1);
      return state.value()!;
    };
    job.byCard
      .window(tumblingWindows({ size: 10 }))
      .trigger(countTrigger(1))
      .process<never>(() => ({
        process: (_, context) =>
          void seen.push([counted(context.windowState(firings)), counted(context.globalState(firings))]),
        clear: ({ window }) => void seen.push(window.end),
      }));
    run(job);
    expect(seen).toEqual([[1, 1], [2, 2], [1, 3], 10, 20]);
  });
});
