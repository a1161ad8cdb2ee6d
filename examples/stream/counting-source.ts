/** A counting source that resumes: stopped with a savepoint, the next job goes on with the number after the last, in another process too. */

import { setTimeout } from "node:timers/promises";
import { StreamEnvironment } from "tripline/stream";
import { callbackSink, execute, sequence, type Job, type JobSnapshot } from "tripline/connect";

let sum = 0;

function count(restoreFrom?: JobSnapshot): Job {
  const env = new StreamEnvironment();
  env
    .fromSource("numbers", sequence({ from: 1, to: 100_000 }))
    .sinkTo(
      callbackSink((numbers: readonly number[]) => {
        for (const number of numbers) sum += number;
      }),
    )
    .named("sum");
  return execute(env, restoreFrom === undefined ? {} : { restoreFrom });
}

const first = count();
while (sum === 0) await setTimeout(1);
const savepoint = await first.savepoint({ thenStop: true });
const { end } = await first.finished;
console.log(`the first job was ${end}, before the end: ${sum < 5_000_050_000}`);

await count(savepoint).finished;
console.log(`the sum of 1 to 100,000, each counted once: ${sum}`);
