/** Requests per host and ten minutes on two worker threads: each makes the streams of this module once more, and has half of the hosts. */

import { isMainThread } from "node:worker_threads";
import { boundedOutOfOrderness, StreamEnvironment, tumblingWindows } from "tripline/stream";
import { callbackSink, execute, fromIterable } from "tripline/connect";

interface Request {
  readonly host: string;
  readonly at: number;
}

interface HostCount {
  readonly host: string;
  readonly end: number;
  readonly requests: number;
}

const MINUTE = 60_000;
const counts: HostCount[] = [];

/** A request each second for half an hour. */
function* requests(): Generator<Request> {
  for (let second = 0; second < 1_800; second++) yield { host: `host-${(second * second) % 7}`, at: second * 1_000 };
}

export default function program(): StreamEnvironment {
  const env = new StreamEnvironment();
  env
    .fromSource("requests", fromIterable(requests), { timestamp: ({ at }) => at, watermarks: boundedOutOfOrderness(0) })
    .keyBy(({ host }) => host)
    .window(tumblingWindows({ size: 10 * MINUTE }))
    .process<HostCount>(() => ({
      process(elements, context) {
        context.collect({ host: context.key, end: context.window.end, requests: elements.length });
      },
    }))
    .sinkTo(callbackSink((found) => void counts.push(...found)));
  return env;
}

if (isMainThread) {
  await execute(program(), { workers: { count: 2, program: new URL(import.meta.url) } }).finished;
  counts.sort((a, b) => a.end - b.end || a.host.localeCompare(b.host)); // threads are ready when they are ready
  for (const { host, end, requests } of counts) console.log(`until minute ${end / MINUTE}: ${host} ${requests}`);
}
