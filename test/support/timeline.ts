/**
 * In which order a rule meets events and time: events in the order of their times, those of one time as they came, each as
 * soon as no earlier one can come, and time always just before the event at hand. An event behind the watermark comes at once.
 * For oracles: it shares no code with `src`.
 */

export interface Feed<Item extends FeedItem> {
  readonly items: readonly Item[];
  /** How far events may be out of order: a watermark is the greatest time seen − this − 1 ms. */
  readonly boundMs: number;
}

export type FeedItem =
  | { readonly kind: "event"; readonly time: number; readonly stream?: string; readonly partition?: string }
  /** No event of the stream at or before it will come. */
  | { readonly kind: "watermark"; readonly time: number | "end"; readonly stream?: string }
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

/** For a rule that reads all of the streams. */
export function timelineOf<Item extends FeedItem>({ items, boundMs }: Feed<Item>): Moment[] {
  const moments: Moment[] = [];
  const waiting: { readonly item: number; readonly time: number }[] = [];
  const watermarks = new Watermarks();
  for (const [during, item] of items.entries()) {
    if (item.kind === "change") {
      moments.push({ during, what: { kind: "change" } });
    } else if (item.kind === "watermark") {
      watermarks.advance(item.stream ?? "", item.time === "end" ? Infinity : item.time);
    } else {
      const { time, stream = "", partition = "" } = item;
      const isLate = time <= watermarks.current;
      watermarks.observe({ stream, partition, watermark: time - boundMs - 1 });
      if (isLate) moments.push({ during, what: { kind: "event", item: during, isLate } });
      else waiting.push({ item: during, time });
    }
    watermarks.settle();
    waiting.sort((a, b) => a.time - b.time || a.item - b.item);
    while (waiting.length > 0 && waiting[0]!.time <= watermarks.current + 1) {
      const first = waiting.shift()!;
      moments.push({ during, what: { kind: "time", time: first.time - 1 } });
      moments.push({ during, what: { kind: "event", item: first.item, isLate: false } });
    }
    moments.push({ during, what: { kind: "time", time: watermarks.current } });
  }
  return moments;
}

/** None goes back: those of partitions, those of streams (the least of their partitions'), the rule's (the least of theirs). */
class Watermarks {
  current = -Infinity;
  readonly #streams = new Map<string, { watermark: number; readonly partitions: Map<string, number> }>();

  observe({ stream, partition, watermark }: { stream: string; partition: string; watermark: number }): void {
    const known = this.#stream(stream);
    known.partitions.set(partition, Math.max(watermark, known.partitions.get(partition) ?? -Infinity));
    known.watermark = Math.max(known.watermark, Math.min(...known.partitions.values()));
  }

  /** Explicitly, over all partitions that there are. */
  advance(stream: string, watermark: number): void {
    const known = this.#stream(stream);
    for (const [partition, own] of known.partitions) known.partitions.set(partition, Math.max(own, watermark));
    known.watermark = Math.max(known.watermark, watermark);
  }

  /** A stream that has had nothing yet holds nothing back. */
  settle(): void {
    const least = Math.min(...[...this.#streams.values()].map(({ watermark }) => watermark));
    if (this.#streams.size > 0) this.current = Math.max(this.current, least);
  }

  #stream(name: string): { watermark: number; readonly partitions: Map<string, number> } {
    const known = this.#streams.get(name) ?? { watermark: -Infinity, partitions: new Map<string, number>() };
    this.#streams.set(name, known);
    return known;
  }
}
