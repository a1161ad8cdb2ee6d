/**
 * Reads one split ahead of the task, as far as its credits go: each batch that is read takes one, and each that the task takes
 * gives one back. So what is on its way is bounded, and a split whose records nobody takes is not read. Mutable.
 */

import type { Json } from "../core/event.ts";
import { Queue } from "../core/queue.ts";
import type { Source, SourceBatch } from "../stream/index.ts";
import { checkedBatch } from "./source-batch.ts";
import type { EdgeStatus } from "./edge-status.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { SplitProgress } from "./checkpoints/job-snapshot.ts";
import type { JobClock } from "./system-clock.ts";
import { Wake } from "./wake.ts";

export interface SplitReaderOptions {
  readonly name: string;
  readonly split: string;
  readonly source: Source<unknown>;
  readonly progress: SplitProgress;
  /** Batches that may be on their way. */
  readonly credits: number;
  readonly clock: JobClock;
  /** A batch has come, or the end. */
  readonly arrived: () => void;
  readonly failed: (place: string, error: unknown) => void;
}

export class SplitReader {
  readonly #options: SplitReaderOptions;
  readonly #queue = new Queue<SourceBatch<unknown>>();
  readonly #creditGiven = new Wake();
  readonly #stop = new AbortController();
  readonly #backpressured: Stopwatch;
  readonly #silent: Stopwatch;
  #progress: SplitProgress;
  /** Behind all that has been read. */
  #readTo: Json;
  #credits: number;
  #isReadToEnd = false;
  #records = 0;

  constructor(options: SplitReaderOptions) {
    this.#options = options;
    this.#progress = options.progress;
    this.#readTo = options.progress.position;
    this.#credits = options.credits;
    this.#backpressured = new Stopwatch(options.clock);
    this.#silent = new Stopwatch(options.clock);
  }

  /** How far the task has come in it, for messages: `source payments, split "0", behind position 17`. */
  get place(): string {
    return this.#placeAt(this.#progress.position);
  }

  /** Behind the batches that the task has taken, not those that are on their way. */
  get progress(): SplitProgress {
    return this.#progress;
  }

  get hasBatch(): boolean {
    return this.#queue.size > 0;
  }

  /** All that there is has been taken. */
  get isDrained(): boolean {
    return this.#isReadToEnd && !this.hasBatch;
  }

  /** How long the source has been asked, and has had nothing to give; nothing while the task is behind. */
  get silentMs(): number {
    return this.hasBatch ? 0 : this.#silent.runningMs;
  }

  /** Until `stop`, or the end. */
  start(): void {
    this.#read().catch((error: unknown) => {
      if (!this.#stop.signal.aborted) this.#options.failed(this.#placeAt(this.#readTo), error);
    });
  }

  /** The next batch goes to the task: there is one. */
  take(): SourceBatch<unknown> {
    const batch = this.#queue.shift()!;
    this.#credits++;
    this.#creditGiven.call();
    return batch;
  }

  /** The batch has gone through the task. */
  taken({ values, position }: SourceBatch<unknown>): void {
    this.#records += values.length;
    this.#progress = { position, isEnded: false };
  }

  ended(): void {
    this.#progress = { ...this.#progress, isEnded: true };
  }

  stop(): void {
    this.#stop.abort();
    this.#creditGiven.call();
  }

  status(): EdgeStatus {
    return {
      from: `${this.#options.name}/${this.#options.split}`,
      to: "task",
      records: this.#records,
      queued: this.#queue.size,
      credits: this.#credits,
      backpressuredMs: this.#backpressured.ms,
    };
  }

  async #read(): Promise<void> {
    const { source, split, progress, arrived } = this.#options;
    const { signal } = this.#stop;
    if (!progress.isEnded) {
      this.#silent.start();
      for await (const batch of source.read({ split, from: progress.position, signal })) {
        this.#silent.stop();
        if (signal.aborted) return;
        const given = checkedBatch(batch);
        this.#queue.push(given);
        this.#readTo = given.position;
        this.#credits--;
        arrived();
        await this.#credit();
        if (signal.aborted) return;
        this.#silent.start();
      }
    }
    this.#silent.stop();
    this.#isReadToEnd = true;
    arrived();
  }

  #placeAt(position: Json): string {
    const { name, split } = this.#options;
    const behind = position === null ? "at its beginning" : `behind position ${JSON.stringify(position)}`;
    return `source ${name}, split ${JSON.stringify(split)}, ${behind}`;
  }

  async #credit(): Promise<void> {
    if (this.#credits > 0) return;
    this.#backpressured.start();
    while (this.#credits === 0 && !this.#stop.signal.aborted) await this.#creditGiven.called();
    this.#backpressured.stop();
  }
}
