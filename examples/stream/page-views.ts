/** Page views and unique visitors per hour: two aggregates over one tumbling window, from a CSV file that is out of order. */

import { fileURLToPath } from "node:url";
import { boundedOutOfOrderness, StreamEnvironment, tumblingWindows, type AggregateFunction } from "tripline/stream";
import { consoleSink, csvFile, csvText, csvTime, execute } from "tripline/connect";

interface View {
  readonly time: number;
  readonly page: string;
  readonly visitor: string;
}

interface Traffic {
  readonly views: number;
  readonly visitors: readonly string[];
}

const HOUR = 3_600_000;
const file = fileURLToPath(new URL("data/views.csv", import.meta.url));

const traffic: AggregateFunction<View, Traffic, { views: number; visitors: number }> = {
  createAccumulator: () => ({ views: 0, visitors: [] }),
  add: ({ visitor }, { views, visitors }) => ({
    views: views + 1,
    visitors: visitors.includes(visitor) ? visitors : [...visitors, visitor],
  }),
  getResult: ({ views, visitors }) => ({ views, visitors: visitors.length }),
};

const env = new StreamEnvironment();
env
  .fromSource("views", csvFile<View>({ paths: [file], columns: { time: csvTime, page: csvText, visitor: csvText } }), {
    timestamp: ({ time }) => time,
    watermarks: boundedOutOfOrderness(60_000),
  })
  .keyBy(({ page }) => page)
  .window(tumblingWindows({ size: HOUR }))
  .aggregate(traffic, () => ({
    process(totals, context) {
      const hour = new Date(context.window.start).toISOString().slice(11, 16);
      for (const { views, visitors } of totals) {
        context.collect(`${hour} ${context.key}: ${views} views by ${visitors} visitors`);
      }
    },
  }))
  .sinkTo(consoleSink());
await execute(env).finished;
