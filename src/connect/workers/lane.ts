/**
 * A lane: an edge of the graph as far as it leads from this thread to one other. A parcel leaves only with a credit, which comes back
 * when the other thread has worked it off; what has no credit waits here, and whoever would add to it waits too. Mutable.
 */

import type { Input } from "../../stream/graph/element.ts";
import { Stopwatch } from "../stopwatch.ts";
import type { JobClock } from "../system-clock.ts";
import { OpenParcel, type Parcel, type ValueEncoding } from "./parcel.ts";

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

export interface LaneOptions {
  readonly encoding: ValueEncoding;
  readonly clock: Pick<JobClock, "now">;
  readonly send: (parcel: Parcel) => void;
}

export class Lane {
  readonly #open: OpenParcel;
  readonly #backpressured: Stopwatch;
  readonly #send: (parcel: Parcel) => void;
  #waiting: Parcel[] = [];
  #credits = CREDITS;
  #records = 0;

  constructor({ encoding, clock, send }: LaneOptions) {
    this.#open = new OpenParcel(encoding);
    this.#backpressured = new Stopwatch(clock);
    this.#send = send;
  }

  /** What is put in here leaves with the next parcel. */
  entry(way: number): Input<unknown> {
    const open = this.#open;
    return {
      record: (value, timestamp) => {
        this.#makeRoom();
        this.#records++;
        open.record(way, { value, timestamp });
      },
      watermark: (watermark) => {
        this.#makeRoom();
        open.watermark(way, watermark);
      },
      idle: (idle) => {
        this.#makeRoom();
        open.idle(way, idle);
      },
    };
  }

  /** Sends what there is, as far as credits go. */
  flush(): void {
    if (!this.#open.isEmpty) this.#waiting.push(this.#open.seal());
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
    return this.#credits === CREDITS && this.#waiting.length === 0 && this.#open.isEmpty;
  }

  status(): LaneStatus {
    return {
      records: this.#records,
      queued: this.#waiting.length,
      credits: this.#credits,
      backpressuredMs: this.#backpressured.ms,
    };
  }

  #makeRoom(): void {
    if (this.#open.isFull) this.flush();
  }
}
