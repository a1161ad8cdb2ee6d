/** A stream as the API shows it. */

import { formatTime } from "../core/time.ts";
import type { InputStream } from "./input-stream.ts";
import type { StreamStatus } from "./service-types.ts";

export interface StreamSurroundings {
  /** Events that wait for the watermark. */
  readonly waiting: number;
  /** Arrival of its newest event, epoch milliseconds; null before the first. */
  readonly lastArrival: number | null;
  readonly now: number;
}

export function streamStatus(stream: InputStream, { waiting, lastArrival, now }: StreamSurroundings): StreamStatus {
  const { name, definition, watermark, events, late, ended } = stream;
  const silentMs = lastArrival === null ? Infinity : now - lastArrival;
  return {
    name,
    declared: definition.source !== "",
    source: definition.source,
    watermark: formatTime(watermark),
    lagMs: Number.isFinite(watermark) ? now - watermark : null,
    lastArrival: lastArrival === null ? null : formatTime(lastArrival),
    idle: definition.idleMs !== null && silentMs >= definition.idleMs,
    ended,
    events,
    late,
    waiting,
  };
}
