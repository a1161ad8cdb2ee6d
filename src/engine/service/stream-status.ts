/** A stream as the API shows it. */

import { formatTime } from "../../core/time.ts";
import type { InputStream } from "../input-stream.ts";
import type { RuleInput } from "../rules/rule-input.ts";
import type { HeldBackBy, PartitionStatus, StreamStatus } from "./service-types.ts";

export interface StreamSurroundings {
  /** The input of the rules that read this stream alone: its time is the stream's. */
  readonly input: RuleInput;
  /** Arrival of its newest event, epoch milliseconds; null before the first. */
  readonly lastArrival: number | null;
  readonly now: number;
  readonly partitions: readonly PartitionStatus[];
  readonly heldBackBy: HeldBackBy | null;
}

export function streamStatus(
  stream: InputStream,
  { input, lastArrival, now, partitions, heldBackBy }: StreamSurroundings,
): StreamStatus {
  const { name, definition, events, late, ended } = stream;
  const { watermark, waitingCount: waiting } = input;
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
    partitions,
    heldBackBy,
  };
}
