/** Late events in memory. */

import { limits } from "../core/limits.ts";
import type { LateOutput } from "../engine/output.ts";
import type { LateEvent, LateEventReader, LateQuery, Page, PageRequest } from "../engine/ports.ts";
import { decodeCursor, toPage } from "./cursor.ts";
import { lateTime } from "./late-events.ts";

export class MemoryLateEvents implements LateEventReader {
  readonly #byStream = new Map<string, Map<number, LateEvent>>();

  add({ stream, offset, time, data }: LateOutput): void {
    const events = this.#byStream.get(stream) ?? new Map<number, LateEvent>();
    this.#byStream.set(stream, events);
    if (!events.has(offset)) events.set(offset, { offset, time, data });
    for (const oldest of events.keys()) {
      if (events.size <= limits.lateEventsKeptMax) return;
      events.delete(oldest);
    }
  }

  async list({ stream, from, to }: LateQuery, request: PageRequest): Promise<Page<LateEvent>> {
    const after = decodeCursor("late", request.cursor) ?? -1;
    const found = [...(this.#byStream.get(stream)?.values() ?? [])].filter(({ offset, time }) => {
      const at = lateTime(time);
      return offset > after && (from === undefined || at >= from) && (to === undefined || at < to);
    });
    return toPage({
      list: "late",
      found,
      request,
      sequenceOf: ({ offset }) => offset,
      bytesOf: ({ data }) => JSON.stringify(data).length,
    });
  }
}
