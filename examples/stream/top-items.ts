/** The three most viewed items of the last hour, every five minutes: a sliding window per item, then a ranking per window. */

import {
  ascendingTimestamps,
  mapState,
  slidingWindows,
  StreamEnvironment,
  type AggregateFunction,
  type KeyedProcessFunction,
} from "tripline/stream";
import { consoleSink, execute, fromIterable } from "tripline/connect";

interface View {
  readonly item: string;
  readonly at: number;
}

interface ItemCount {
  readonly item: string;
  readonly views: number;
  readonly end: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const count: AggregateFunction<View, number, number> = {
  createAccumulator: () => 0,
  add: (_view, views) => views + 1,
  getResult: (views) => views,
  merge: (a, b) => a + b,
};

const counted = mapState<string, number>({ name: "views by item" });

/** All counts of one window are there when time has passed its end. */
const topThree = (): KeyedProcessFunction<number, ItemCount, string> => ({
  processElement({ item, views, end }, context) {
    context.state(counted).put(item, views);
    context.registerEventTimeTimer(end);
  },
  onTimer(end, context) {
    const byViews = [...context.state(counted).entries()].sort(
      ([itemA, a], [itemB, b]) => b - a || itemA.localeCompare(itemB),
    );
    const top = byViews.slice(0, 3).map(([item, views]) => `${item} ${views}`);
    context.collect(`until minute ${end / MINUTE}: ${top.join(", ")}`);
    context.state(counted).clear();
  },
});

/** A view each ten seconds for half an hour; which item it is changes with time. */
function* views(): Generator<View> {
  const items = ["lamp", "chair", "desk", "shelf", "mirror"];
  for (let second = 0; second < 1_800; second += 10) {
    const place = (second * second + Math.floor(second / 600) * 7) % 17;
    yield { item: items[place % items.length]!, at: second * 1_000 };
  }
}

const env = new StreamEnvironment();
env
  .fromSource("views", fromIterable(views), { timestamp: ({ at }) => at, watermarks: ascendingTimestamps() })
  .keyBy(({ item }) => item)
  .window(slidingWindows({ size: HOUR, every: 5 * MINUTE }))
  .aggregate(count, () => ({
    process(counts, context) {
      for (const views of counts) context.collect({ item: context.key, views, end: context.window.end });
    },
  }))
  .keyBy(({ end }) => end)
  .process(topThree)
  .sinkTo(consoleSink());
await execute(env).finished;
