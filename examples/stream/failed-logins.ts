/** Three failed logins of a user in a row, each within 10 seconds of the one before: by list state. */

import { boundedOutOfOrderness, listState, StreamEnvironment, type KeyedProcessFunction } from "tripline/stream";
import { consoleSink, execute, fromArray } from "tripline/connect";

interface Login {
  readonly user: string;
  readonly outcome: "success" | "failure";
  readonly at: number;
}

const GAP_MS = 10_000;
const failures = listState<number>({ name: "failures" });

/** Remembers when a user failed, as long as nothing came between. */
const threeInARow = (): KeyedProcessFunction<string, Login, string> => ({
  processElement({ user, outcome, at }, context) {
    const seen = context.state(failures);
    if (outcome === "success") return seen.clear();
    const before = seen.get();
    const isInARow = before.length > 0 && at - before.at(-1)! <= GAP_MS;
    const row = isInARow ? [...before, at] : [at];
    if (row.length < 3) return seen.update(row);
    context.collect(`${user} failed at ${row.map((each) => `${each / 1000} s`).join(", ")}`);
    seen.clear();
  },
});

const env = new StreamEnvironment();
env
  .fromSource(
    "logins",
    fromArray<Login>([
      { user: "ann", outcome: "failure", at: 1_000 },
      { user: "bob", outcome: "failure", at: 2_000 },
      { user: "ann", outcome: "failure", at: 5_000 },
      { user: "bob", outcome: "success", at: 4_000 },
      { user: "ann", outcome: "failure", at: 9_000 },
      { user: "bob", outcome: "failure", at: 10_000 },
      { user: "bob", outcome: "failure", at: 11_000 },
    ]),
    { timestamp: ({ at }) => at, watermarks: boundedOutOfOrderness(2_000) },
  )
  .inEventTime()
  .keyBy(({ user }) => user)
  .process(threeInARow)
  .sinkTo(consoleSink());
await execute(env).finished;
