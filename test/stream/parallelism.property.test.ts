/** Chains of operators with any division between them, against the same chain in one place; fast-check prints the seed of what fails. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  boundedOutOfOrderness,
  StreamEnvironment,
  type DataStream,
  type PartitionedStream,
  type StreamElement,
  type Task,
  type TaskSnapshot,
} from "../../src/stream/index.ts";

const BOUND = 5;

type Step =
  | { readonly kind: "record"; readonly at: number; readonly partition: string }
  | { readonly kind: "idle"; readonly partition: string };

interface Division {
  readonly name: string;
  readonly divide: (stream: DataStream<number>) => PartitionedStream<number>;
}

const division = fc.oneof(
  fc.constantFrom<Division>(
    { name: "direct", divide: (stream) => stream },
    { name: "rebalance", divide: (stream) => stream.rebalance() },
    { name: "rescale", divide: (stream) => stream.rescale() },
    { name: "global", divide: (stream) => stream.global() },
    {
      name: "custom",
      divide: (stream) =>
        stream.partitionCustom(
          (n: number, parallelism) => n % parallelism,
          (n) => Math.abs(n),
        ),
    },
    { name: "key", divide: (stream) => stream.keyBy((n) => n % 5).reduce((_, n) => n) },
  ),
  fc.nat(99).map((seed): Division => ({ name: `shuffle ${seed}`, divide: (stream) => stream.shuffle({ seed }) })),
);

interface Stage {
  /** Of the stream before it. */
  readonly division: Division;
  /** Undefined is as the task. */
  readonly parallelism: number | undefined;
  /** Each subtask makes a time of its own of the records that it gets. */
  readonly stamps: boolean;
}

const stagesThat = (stamps: fc.Arbitrary<boolean>): fc.Arbitrary<Stage[]> => {
  const parallelism = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });
  return fc.array(fc.record({ division, parallelism, stamps }), { minLength: 1, maxLength: 4 });
};
const stages = stagesThat(fc.constant(false));

const partition = fc.constantFrom("p", "q");
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("record" as const), at: fc.nat(60), partition }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("idle" as const), partition }) },
  ),
  { maxLength: 30 },
);

interface Running {
  readonly task: Task;
  readonly seen: StreamElement<number>[];
  take(step: Step): void;
}

function start(
  stages: readonly Stage[],
  { parallelism, snapshot }: { parallelism: number; snapshot?: TaskSnapshot },
): Running {
  const env = new StreamEnvironment();
  const numbers = env.source<number>("numbers", {
    timestamp: (at) => at,
    watermarks: boundedOutOfOrderness(BOUND),
    partitions: ["p", "q"],
  });
  const seen: StreamElement<number>[] = [];
  let stream: DataStream<number> = numbers;
  for (const { division, parallelism: own, stamps } of stages) {
    const divided = division.divide(stream);
    stream = stamps
      ? divided.assignTimestampsAndWatermarks({ watermarks: boundedOutOfOrderness(BOUND) })
      : divided.map((n) => n);
    if (own !== undefined) stream.setParallelism(own);
  }
  stream.elements((element) => void seen.push(element));
  const task = env.createTask({ parallelism, ...(snapshot === undefined ? {} : { snapshot }) });
  return {
    task,
    seen,
    take(step) {
      const input = task.input(numbers, step.partition);
      if (step.kind === "idle") input.markIdle();
      else input.push(step.at);
    },
  };
}

/** Where it stops, and the task's parallelism from there on. */
type Cuts = readonly (readonly [step: number, parallelism: number])[];

function run(stages: readonly Stage[], script: readonly Step[], cuts: Cuts): StreamElement<number>[] {
  let running = start(stages, { parallelism: cuts[0]?.[1] ?? 1 });
  const all = script.flatMap((step, index) => {
    const cut = cuts.findLast(([where]) => where === index);
    if (cut !== undefined) {
      const snapshot = JSON.parse(JSON.stringify(running.task.snapshot())) as TaskSnapshot;
      running = start(stages, { parallelism: cut[1], snapshot });
    }
    running.take(step);
    return running.seen.splice(0);
  });
  running.task.end();
  return [...all, ...running.seen];
}

const timesOf = (elements: readonly StreamElement<number>[]) => elements.filter(({ kind }) => kind !== "record");
const valuesOf = (elements: readonly StreamElement<number>[]): number[] =>
  elements.flatMap((element) => (element.kind === "record" ? [element.value] : [])).sort((a, b) => a - b);

const parallelism = fc.integer({ min: 1, max: 4 });
const where = fc.nat(30);

// S11.23, S11.24
describe("a divided stream", () => {
  test("has the same records as in one place, and the same time", () => {
    fc.assert(
      fc.property(stages, steps, parallelism, (stages, script, parallelism) => {
        const single = stages.map(({ division }): Stage => ({ division, parallelism: 1, stamps: false }));
        const [divided, plain] = [run(stages, script, [[-1, parallelism]]), run(single, script, [[-1, 1]])];
        expect(valuesOf(divided)).toEqual(valuesOf(plain));
        expect(timesOf(divided)).toEqual(timesOf(plain));
      }),
    );
  });

  test("lets no watermark overtake a record", () => {
    fc.assert(
      fc.property(stages, steps, parallelism, (stages, script, parallelism) => {
        const [divided, plain] = [run(stages, script, [[-1, parallelism]]), run([], script, [])];
        expect(latenessOf(divided)).toEqual(latenessOf(plain));
      }),
    );
  });

  // S11.25
  test("goes on from a snapshot as if nothing had been", () => {
    fc.assert(
      fc.property(
        stages,
        steps,
        parallelism,
        fc.array(where, { maxLength: 3 }),
        (stages, script, parallelism, cuts) => {
          const stopped: Cuts = [[-1, parallelism], ...cuts.map((step) => [step, parallelism] as const)];
          expect(run(stages, script, stopped)).toEqual(run(stages, script, [[-1, parallelism]]));
        },
      ),
    );
  });

  test("goes on from a snapshot at another parallelism with the same records and time", () => {
    fc.assert(
      fc.property(stages, steps, fc.array(fc.tuple(where, parallelism), { maxLength: 3 }), (stages, script, cuts) => {
        const [stopped, whole] = [run(stages, script, cuts), run(stages, script, [])];
        expect(valuesOf(stopped)).toEqual(valuesOf(whole));
        expect(timesOf(stopped)).toEqual(timesOf(whole));
      }),
    );
  });
});

/** Which records come at or behind the watermark. */
function latenessOf(elements: readonly StreamElement<number>[]): number[] {
  let watermark = -Infinity;
  return elements
    .flatMap((element) => {
      if (element.kind === "watermark") watermark = element.watermark;
      return element.kind === "record" && element.timestamp <= watermark ? [element.value] : [];
    })
    .sort((a, b) => a - b);
}
