/**
 * The clock of silent streams: when nothing has come for `idle`, event time goes on as the wall clock does, so that absences and
 * deadlines pass without traffic (S1.11). It says what is to be logged; the engine knows only the log. Mutable: it remembers from where
 * each stream's time goes on.
 */

import type { TickRecord } from "./log-record.ts";

/** A stream as it stands; times are epoch milliseconds, those of arrival by the wall clock. */
export interface SilentStream {
  readonly name: string;
  /** Null: its time never goes on by itself. */
  readonly idleMs: number | null;
  readonly ended: boolean;
  /** Records of it so far: another number means that it has spoken. */
  readonly events: number;
  readonly watermark: number;
  /** The event with the greatest time; null before the first event. */
  readonly newest: { readonly time: number; readonly at: number } | null;
  readonly partitions: readonly { readonly name: string; readonly lastArrival: number; readonly idle: boolean }[];
  /** The least watermark that would bring something about; null when nothing waits for time. */
  readonly nextDeadline: number | null;
}

/** S1.13: a stream whose newest event came later than this is not live; its history is being loaded, perhaps with pauses. */
const LIVE_MS = 3_600_000;

interface Base {
  readonly events: number;
  readonly watermark: number;
  readonly at: number;
}

export class IdleClock {
  readonly #readyAt: number;
  readonly #bases = new Map<string, Base>();

  /** Time spent before the service was ready, reading its log again say, is no silence. */
  constructor(readyAt: number) {
    this.#readyAt = readyAt;
  }

  /** What the stream's silence up to `now` comes to; null for nothing. */
  tick(stream: SilentStream, now: number): Omit<TickRecord, "offset"> | null {
    const { name: of, idleMs, ended, newest, partitions } = stream;
    const base = this.#base(stream);
    if (idleMs === null || ended || newest === null || newest.at - newest.time >= LIVE_MS) return null;
    const isSilent = ({ lastArrival }: { lastArrival: number }): boolean =>
      now - Math.max(lastArrival, this.#readyAt) >= idleMs;
    // S1.14
    if (!partitions.every(isSilent)) {
      const idle = partitions.filter((each) => !each.idle && isSilent(each)).map(({ name }) => name);
      return idle.length === 0 ? null : { kind: "tick", stream: of, idle };
    }
    // Without a watermark there is nothing for time to go on from.
    if (base.watermark === -Infinity) return null;
    const time = base.watermark + (now - base.at);
    // S1.12
    if (time <= stream.watermark) return null;
    const { nextDeadline } = stream;
    const isDue = nextDeadline !== null && nextDeadline <= time;
    return isDue ? { kind: "tick", stream: of, idle: [], time } : null;
  }

  /** From where and when time goes on: the watermark as it was when the stream last spoke. */
  #base({ name, events, watermark, partitions }: SilentStream): Base {
    const known = this.#bases.get(name);
    if (known?.events === events) return known;
    const lastArrival = Math.max(this.#readyAt, ...partitions.map((partition) => partition.lastArrival));
    const base = { events, watermark, at: lastArrival };
    this.#bases.set(name, base);
    return base;
  }
}
