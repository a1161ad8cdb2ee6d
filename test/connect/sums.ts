/** A program to be killed: numbers come slowly, and their sums so far go to a file of the folder that it is given. */

import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { csvFormat, execute, fileSink, folderSnapshots, fromIterable } from "../../src/connect/index.ts";
import { StreamEnvironment } from "../../src/stream/index.ts";

const NUMBERS = 3000;
const folder = process.argv[2]!;

async function* numbers(): AsyncGenerator<number> {
  for (let n = 1; n <= NUMBERS; n++) {
    if (n % 20 === 0) await sleep(2);
    yield n;
  }
}

const env = new StreamEnvironment();
env
  .fromSource("numbers", fromIterable(numbers), { timestamp: (n) => n })
  .keyBy((n) => n % 7)
  .reduce((a, b) => a + b)
  .sinkTo(
    fileSink({ path: path.join(folder, "sums.csv"), format: csvFormat<number>({ columns: { sum: (sum) => sum } }) }),
  );

const job = execute(env, {
  checkpoints: { store: folderSnapshots({ folder: path.join(folder, "checkpoints") }), intervalMs: 10 },
});
console.log("running");
await job.finished;
