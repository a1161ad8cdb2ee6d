/**
 * In which order a rule meets events and time: events in the order of their times, those of one time as they came, each as
 * soon as no earlier one can come, and time always just before the event at hand. An event behind the watermark comes at once.
 * For oracles: it shares no code with `src`.
 */

export interface Feed<Item extends FeedItem> {
  readonly items: readonly Item[];
  /** How far events may be out of order: the watermark is the greatest time seen − this − 1 ms. */
  readonly boundMs: number;
}

export type FeedItem =
  | { readonly kind: "event"; readonly time: number }
  /** No event at or before it will come. */
  | { readonly kind: "watermark"; readonly time: number | "end" }
  /** Something else, which moves no time. */
  | { readonly kind: "change" };

export interface Moment {
  /** The item that brought it about. */
  readonly during: number;
  readonly what:
    | { readonly kind: "event"; readonly item: number; readonly isLate: boolean }
    | { readonly kind: "time"; readonly time: number }
    | { readonly kind: "change" };
}

export function timelineOf<Item extends FeedItem>({ items, boundMs }: Feed<Item>): Moment[] {
  const moments: Moment[] = [];
  const waiting: { readonly item: number; readonly time: number }[] = [];
  let watermark = -Infinity;
  for (const [during, item] of items.entries()) {
    if (item.kind === "change") {
      moments.push({ during, what: { kind: "change" } });
    } else if (item.kind === "watermark") {
      watermark = Math.max(watermark, item.time === "end" ? Infinity : item.time);
    } else if (item.time <= watermark) {
      moments.push({ during, what: { kind: "event", item: during, isLate: true } });
    } else {
      waiting.push({ item: during, time: item.time });
      watermark = Math.max(watermark, item.time - boundMs - 1);
    }
    waiting.sort((a, b) => a.time - b.time || a.item - b.item);
    while (waiting.length > 0 && waiting[0]!.time <= watermark + 1) {
      const first = waiting.shift()!;
      moments.push({ during, what: { kind: "time", time: first.time - 1 } });
      moments.push({ during, what: { kind: "event", item: first.item, isLate: false } });
    }
    moments.push({ during, what: { kind: "time", time: watermark } });
  }
  return moments;
}
