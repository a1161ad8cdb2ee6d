/** Late data three ways: the watermark waits for some, the window's lateness takes some, a side output has the rest. */

import { boundedOutOfOrderness, outputTag, StreamEnvironment, tumblingWindows } from "tripline/stream";
import { consoleSink, execute, fromArray } from "tripline/connect";

interface Click {
  readonly page: string;
  readonly at: number;
}

const second = (at: number): Click => ({ page: "home", at: at * 1_000 });
const late = outputTag<Click>("late");

const env = new StreamEnvironment();
const counts = env
  .fromSource(
    "clicks",
    // The window [0 s, 10 s) closes when 12 s has been seen, and is gone when 17 s has.
    fromArray([
      second(1),
      second(11),
      second(9),
      second(12),
      second(8),
      second(16),
      second(5),
      second(17),
      second(3),
      second(30),
    ]),
    { timestamp: ({ at }) => at, watermarks: boundedOutOfOrderness(2_000) },
  )
  .keyBy(({ page }) => page)
  .window(tumblingWindows({ size: 10_000 }))
  .allowedLateness(5_000)
  .sideOutputLateData(late)
  .process<string>(() => ({
    process(clicks, context) {
      const { start, end } = context.window;
      context.collect(`[${start / 1_000} s, ${end / 1_000} s) ${clicks.length} clicks`);
    },
  }));
counts.sinkTo(consoleSink());
counts
  .sideOutput(late)
  .map(({ at }) => `too late: the click of second ${at / 1_000}`)
  .sinkTo(consoleSink());
await execute(env).finished;
