/** A graph in pieces: whatever order messages between threads come in, and wherever it is stopped, it does what one task does. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Exchange, type ThreadMessage } from "../../../src/connect/workers/exchange.ts";
import {
  boundedOutOfOrderness,
  mapState,
  StreamEnvironment,
  tumblingWindows,
  type KeyedProcessFunction,
  type SourceStream,
  type TaskSnapshot,
} from "../../../src/stream/index.ts";
import { uniteSnapshots } from "../../../src/stream/task/pieces.ts";
import { Task } from "../../../src/stream/task/task.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
  readonly value: number;
}

const sums = mapState<number, number>({ name: "sums by time" });

/** Tells for each moment the sum of the key up to there, when no earlier record can come: in whatever order they came. */
const summing = (): KeyedProcessFunction<number, number, string> => ({
  processElement(value, context) {
    const at = context.timestamp;
    context.state(sums).put(at, (context.state(sums).get(at) ?? 0) + value);
    context.registerEventTimeTimer(at);
  },
  onTimer(at, context) {
    const until = context
      .state(sums)
      .entries()
      .filter(([time]) => time <= at);
    context.collect(`${context.key}: ${until.reduce((sum, [, value]) => sum + value, 0)} at ${at}`);
  },
});

/** Windows by key, their sums by parity, and a stream in turn over subtasks without keys, to one place again. */
function program(told: string[]): { env: StreamEnvironment; readings: SourceStream<Reading> } {
  const env = new StreamEnvironment();
  const readings = env.source<Reading>("readings", {
    timestamp: ({ at }) => at,
    watermarks: boundedOutOfOrderness(5),
  });
  readings
    .rebalance()
    .map(({ value, ...rest }) => ({ ...rest, value: value + 1 }))
    .setParallelism(3)
    .keyBy(({ key }) => key)
    .window(tumblingWindows({ size: 10 }))
    .reduce((a, b) => ({ ...a, value: a.value + b.value }))
    .map(({ value }) => value)
    .keyBy((value) => value % 2)
    .process(summing)
    .sinkTo((text) => void told.push(text));
  return { env, readings };
}

type Action =
  { readonly kind: "push"; readonly reading: Reading } | { readonly kind: "stop"; readonly threads: number };

/** As many tasks as there are threads, and what is on its way between them. */
class Pieces {
  readonly told: string[] = [];
  readonly #pieces: { readonly task: Task; readonly exchange: Exchange }[] = [];
  readonly #onTheWay = new Map<
    string,
    { readonly from: number; readonly to: number; readonly messages: ThreadMessage[] }
  >();
  readonly #chance: () => number;
  #readings: SourceStream<Reading> | null = null;

  constructor({ threads, chance, snapshot }: { threads: number; chance: () => number; snapshot: TaskSnapshot | null }) {
    this.#chance = chance;
    for (let thread = 0; thread < threads; thread++) {
      const { env, readings } = program(this.told);
      const exchange = new Exchange({
        graph: env.graph,
        thread,
        threads,
        encoding: "structured",
        clock: { now: () => 0 },
        send: (to, message) => this.#sendFrom(thread, { to, message: structuredClone(message) }),
      });
      const task = new Task(env.graph, {
        parallelism: threads,
        placement: exchange,
        ...(snapshot === null ? {} : { snapshot }),
      });
      this.#pieces.push({ task, exchange });
      this.#readings ??= readings;
    }
  }

  push(reading: Reading): void {
    const { task, exchange } = this.#pieces[0]!;
    while (!exchange.hasRoom) this.#somethingHappens();
    task.push(this.#readings!, reading);
    exchange.flush();
    if (this.#chance() < 0.5) this.#somethingHappens();
  }

  end(): void {
    this.#pieces[0]!.task.end();
    this.#pieces[0]!.exchange.flush();
    this.settle();
  }

  settle(): void {
    while (this.#somethingHappens());
    if (!this.#pieces.every(({ exchange }) => exchange.isQuiet)) throw new Error("the threads wait for each other");
  }

  snapshot(): TaskSnapshot {
    const [first, ...others] = this.#pieces.map(({ task }) => task.snapshot());
    return JSON.parse(JSON.stringify(uniteSnapshots([first!, ...others]))) as TaskSnapshot;
  }

  #sendFrom(from: number, { to, message }: { to: number; message: ThreadMessage }): void {
    const name = `${from}>${to}`;
    const way = this.#onTheWay.get(name) ?? { from, to, messages: [] };
    this.#onTheWay.set(name, way);
    way.messages.push(message);
  }

  /** A message arrives, or a thread works a parcel off; false when neither can. */
  #somethingHappens(): boolean {
    const arrivals = [...this.#onTheWay.values()].filter(({ messages }) => messages.length > 0);
    const moves = [
      ...arrivals.map(({ from, to, messages }) => () => {
        this.#pieces[to]!.exchange.received(from, messages.shift()!);
        return true;
      }),
      ...this.#pieces.map(
        ({ exchange }) =>
          () =>
            exchange.step(),
      ),
    ];
    const first = Math.floor(this.#chance() * moves.length);
    for (let i = 0; i < moves.length; i++) if (moves[(first + i) % moves.length]!()) return true;
    return false;
  }
}

function byOneTask(actions: readonly Action[]): string[] {
  const told: string[] = [];
  const { env, readings } = program(told);
  const task = env.createTask();
  for (const action of actions) if (action.kind === "push") task.push(readings, action.reading);
  task.end();
  return told.toSorted();
}

const reading = fc.record({
  key: fc.constantFrom("a", "b", "c", "d", "e"),
  on: fc.nat(10),
  back: fc.nat(5),
  value: fc.nat(9),
});
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("push" as const), reading }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stop" as const), threads: fc.integer({ min: 2, max: 5 }) }) },
);

/** Time goes on, and no record is later than the bound: which are late depends on who is how far. */
const actions = fc.array(step, { maxLength: 60 }).map((steps): Action[] => {
  let time = 0;
  return steps.map((each) => {
    if (each.kind === "stop") return each;
    const { key, on, back, value } = each.reading;
    time += on;
    return { kind: "push", reading: { key, at: time - back, value } };
  });
});

// S11.48
describe("a graph in pieces", () => {
  test("it tells what one task tells, also when it is stopped and goes on with other threads", () => {
    fc.assert(
      fc.property(
        actions,
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (script, stream) => {
          const chance = (): number => stream.next().value as number;
          let pieces = new Pieces({ threads: 3, chance, snapshot: null });
          const told: string[] = [];
          for (const step of script) {
            if (step.kind === "push") pieces.push(step.reading);
            else {
              pieces.settle();
              told.push(...pieces.told);
              pieces = new Pieces({ threads: step.threads, chance, snapshot: pieces.snapshot() });
            }
          }
          pieces.end();
          expect([...told, ...pieces.told].toSorted()).toEqual(byOneTask(script));
        },
      ),
      { numRuns: 300 },
    );
  });
});
