/**
 * A lane: an edge of the graph as far as it leads from this thread to one other. A parcel leaves only with a credit, which comes back
 * when the other thread has worked it off; what has no credit waits here, and whoever would add to it waits too. Mutable.
 */

import type { Input } from "../../stream/element.ts";
import { Stopwatch } from "../stopwatch.ts";
import type { JobClock } from "../system-clock.ts";
import { emptyParcel, type Parcel } from "./parcel.ts";

/** Elements of a parcel at most: large enough that a message costs little for each, small enough to keep what is under way small. */
const PARCEL_MAX = 512;
/** Parcels that may be under way at once: while one is worked off, the next is there. */
const CREDITS = 4;

export interface LaneStatus {
  /** That have been handed on. */
  readonly records: number;
  /** Parcels that wait here for a credit. */
  readonly queued: number;
  readonly credits: number;
  /** How long there has been no credit for what there was. */
  readonly backpressuredMs: number;
}

export class Lane {
  #open: Parcel = emptyParcel();
  #waiting: Parcel[] = [];
  #credits = CREDITS;
  #records = 0;
  readonly #backpressured: Stopwatch;
  readonly #send: (parcel: Parcel) => void;

  constructor({ clock, send }: { clock: Pick<JobClock, "now">; send: (parcel: Parcel) => void }) {
    this.#backpressured = new Stopwatch(clock);
    this.#send = send;
  }

  /** What is put in here leaves with the next parcel. */
  entry(way: number): Input<unknown> {
    return {
      record: (value, timestamp) => this.#add(way, { kind: "record", value, time: timestamp }),
      watermark: (watermark) => this.#add(way, { kind: "watermark", value: null, time: watermark }),
      idle: (idle) => this.#add(way, { kind: "idle", value: idle, time: 0 }),
    };
  }

  /** Sends what there is, as far as credits go. */
  flush(): void {
    if (this.#open.ways.length > 0) this.#seal();
    while (this.#credits > 0 && this.#waiting.length > 0) {
      this.#credits--;
      this.#send(this.#waiting.shift()!);
    }
    if (this.isFull) this.#backpressured.start();
    else this.#backpressured.stop();
  }

  credited(): void {
    this.#credits++;
    this.flush();
  }

  /** Nothing more should be added for now. */
  get isFull(): boolean {
    return this.#waiting.length > 0;
  }

  /** Everything has been worked off. */
  get isQuiet(): boolean {
    return this.#credits === CREDITS && this.#waiting.length === 0 && this.#open.ways.length === 0;
  }

  status(): LaneStatus {
    return {
      records: this.#records,
      queued: this.#waiting.length,
      credits: this.#credits,
      backpressuredMs: this.#backpressured.ms,
    };
  }

  #add(way: number, { kind, value, time }: { kind: Parcel["kinds"][number]; value: unknown; time: number }): void {
    const { ways, kinds, values, times } = this.#open;
    ways.push(way);
    kinds.push(kind);
    values.push(value);
    times.push(time);
    if (kind === "record") this.#records++;
    if (ways.length === PARCEL_MAX) this.flush();
  }

  #seal(): void {
    this.#waiting.push(this.#open);
    this.#open = emptyParcel();
  }
}
