/** A program in which streams meet and are divided in every way. From the command line it runs itself in one thread and in several. */

import { isMainThread } from "node:worker_threads";
import {
  boundedOutOfOrderness,
  sessionWindows,
  StreamEnvironment,
  tumblingWindows,
  type DataStream,
} from "tripline/stream";
import { execute, fromIterable, type ExecuteOptions } from "tripline/connect";

interface Reading {
  readonly key: number;
  readonly at: number;
  readonly id: string;
}

const results: Record<string, string[]> = {};

/** The same for the same seed. */
function* readings(seed: number): Generator<Reading> {
  let random = seed;
  for (let i = 0; i < 400; i++) {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield { key: random % 13, at: i * 3 + (random % 7), id: `${seed}-${i}` };
  }
}

export default function program(): StreamEnvironment {
  const env = new StreamEnvironment();
  const time = { timestamp: ({ at }: Reading) => at, watermarks: boundedOutOfOrderness(10) };
  const first = env.fromSource(
    "first",
    fromIterable(() => readings(1)),
    time,
  );
  const second = env.fromSource(
    "second",
    fromIterable(() => readings(2)),
    time,
  );
  const key = (reading: Reading): number => reading.key;
  const pair = (one: Reading, other: Reading): string => `${one.id} ${other.id}`;
  const show = (name: string, stream: DataStream<unknown>): void => {
    stream.sinkTo((value) => void (results[name] ??= []).push(String(value))).named(`show ${name}`);
  };

  const interval = first.keyBy(key).intervalJoin(second.keyBy(key)).between(-20, 20);
  show(
    "interval join",
    interval.process(() => ({ processElement: (one, other, context) => context.collect(pair(one, other)) })),
  );
  const hundred = tumblingWindows({ size: 100 });
  show("join", first.join(second).where(key).equalTo(key).window(hundred).apply(pair));
  const sessions = sessionWindows({ gap: 30 });
  show(
    "co-group",
    first
      .coGroup(second)
      .where(key)
      .equalTo(key)
      .window(sessions)
      .apply((one, other) => [one.length + other.length]),
  );
  show(
    "connect",
    first
      .connect(second)
      .keyBy(key, key)
      .process<string>(() => ({
        processElement1: ({ id }, context) => context.collect(id),
        processElement2: ({ at }, context) => context.registerEventTimeTimer(at + 5),
        onTimer: (at, context) => context.collect(`timer ${at}`),
      })),
  );
  show(
    "shuffle",
    first
      .shuffle({ seed: 3 })
      .filter(({ key }) => key % 2 === 0)
      .map(({ id }) => id),
  );
  const divided = first.partitionCustom((key: number, parallelism) => key % parallelism, key).map((reading) => reading);
  const stepped = divided
    .setParallelism(3)
    .forward()
    .map((reading) => reading)
    .setParallelism(3);
  show("all", stepped.union(second).windowAll(hundred).sum(key));
  return env;
}

async function run(options: ExecuteOptions): Promise<void> {
  await execute(program(), options).finished;
  const sorted = Object.entries(results).map(([name, values]) => [name, values.toSorted()] as const);
  console.log(JSON.stringify(Object.fromEntries(sorted.toSorted(([a], [b]) => a.localeCompare(b)))));
  for (const name of Object.keys(results)) delete results[name];
}

if (isMainThread) {
  const here = new URL(import.meta.url);
  await run({});
  await run({ parallelism: 3 });
  await run({ workers: { count: 2, program: here } });
  await run({ workers: { count: 2, program: here }, parallelism: 5 });
}
