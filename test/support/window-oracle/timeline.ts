/**
 * In which order a rule meets events and time: events in the order of their times, those of one time as they came, each as
 * soon as no earlier one can come, and time always just before the event at hand. An event behind the watermark comes at once.
 */

import type { World } from "./world.ts";

export interface Moment {
  /** The item of the stream that brought it about. */
  readonly during: number;
  readonly what:
    /** The event is the item of that index. */
    { readonly kind: "event"; readonly item: number } | { readonly kind: "time"; readonly time: number };
}

export function timelineOf({ stream, boundMs }: Pick<World, "stream" | "boundMs">): Moment[] {
  const moments: Moment[] = [];
  const waiting: { readonly item: number; readonly time: number }[] = [];
  let watermark = -Infinity;
  for (const [during, item] of stream.entries()) {
    if (item.kind === "watermark") {
      watermark = Math.max(watermark, item.time === "end" ? Infinity : item.time);
    } else if (item.time <= watermark) {
      moments.push({ during, what: { kind: "event", item: during } });
    } else {
      waiting.push({ item: during, time: item.time });
      watermark = Math.max(watermark, item.time - boundMs - 1);
    }
    waiting.sort((a, b) => a.time - b.time || a.item - b.item);
    while (waiting.length > 0 && waiting[0]!.time <= watermark + 1) {
      const first = waiting.shift()!;
      moments.push({ during, what: { kind: "time", time: first.time - 1 } });
      moments.push({ during, what: { kind: "event", item: first.item } });
    }
    moments.push({ during, what: { kind: "time", time: watermark } });
  }
  return moments;
}
