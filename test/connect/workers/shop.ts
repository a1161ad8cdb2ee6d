/** A program that worker threads run too. From the command line it runs itself in several ways, and prints a line of JSON for each. */

import { setTimeout } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";
import { boundedOutOfOrderness, StreamEnvironment, tumblingWindows } from "tripline/stream";
import { execute, fromIterable, memorySnapshots, sequence, type ExecuteOptions } from "tripline/connect";

interface Sale {
  readonly shop: number;
  readonly at: number;
  readonly cents: number;
}

const SALES = 20_000;
const here = new URL(import.meta.url);
const sums: Record<string, number> = {};

function* sales(): Generator<Sale> {
  for (let at = 0; at < SALES; at++) yield { shop: (at * 7) % 50, at, cents: at % 11 };
}

/** What shops take in each 100 ms, and of that the sum over all shops of one last digit. */
export default function program(): StreamEnvironment {
  const env = new StreamEnvironment();
  env
    .fromSource("sales", fromIterable(sales), { timestamp: ({ at }) => at, watermarks: boundedOutOfOrderness(0) })
    .keyBy(({ shop }) => shop)
    .window(tumblingWindows({ size: 100 }))
    .reduce((a, b) => ({ ...a, cents: a.cents + b.cents }))
    .map((sale) => {
      if (process.env["FAILS"] === "yes" && sale.at > 5_000) {
        throw new Error(`shop ${sale.shop} is closed, says ${process.argv[2]}`);
      }
      return sale;
    })
    .setParallelism(2)
    .keyBy(({ shop }) => shop % 10)
    .reduce((a, b) => ({ ...b, cents: a.cents + b.cents }))
    .sinkTo(({ shop, cents }) => void (sums[shop % 10] = cents));
  return env;
}

async function run(options: ExecuteOptions): Promise<void> {
  const job = execute(program(), options);
  const { end } = await job.finished;
  const links = job.status().edges.filter(({ from }) => from === "task");
  tell({ end, sums, links: links.map(({ to, records }) => `${to}: ${records}`) });
}

async function runInTwoParts(first: number, second: number): Promise<void> {
  const job = execute(program(), { workers: { count: first, program: here } });
  while ((job.status().edges[0]?.records ?? 0) < SALES / 4) await setTimeout(1);
  const savepoint = await job.savepoint({ thenStop: true });
  await job.finished;
  await run({ workers: { count: second, program: here }, restoreFrom: savepoint });
}

async function runAndFail(options: ExecuteOptions): Promise<void> {
  const failed = await execute(program(), options).finished.catch((error: unknown) => error);
  tell({ failed: String(failed) });
}

function tell(what: object): void {
  console.log(JSON.stringify(what));
  for (const digit of Object.keys(sums)) delete sums[digit];
}

if (isMainThread) {
  await run({});
  await run({ workers: { count: 1, program: here } });
  await run({ workers: { count: 2, program: here, values: "json" } });
  await run({
    workers: { count: 2, program: here },
    parallelism: 5,
    checkpoints: { store: memorySnapshots(), intervalMs: 5 },
  });
  await runInTwoParts(2, 3);
  await runAndFail({ workers: { count: 1, program: new URL("no-such-program.ts", here) } });
  const other = new StreamEnvironment();
  other.fromSource("numbers", sequence({ from: 1, to: 2 }));
  const failed = await execute(other, { workers: { count: 1, program: here } }).finished.catch(
    (error: unknown) => error,
  );
  tell({ failed: String(failed) });
  process.env["FAILS"] = "yes";
  await runAndFail({ workers: { count: 2, program: here } });
}
