/**
 * Drives an idempotent sink by checkpoints: values are written in order, in batches; a barrier waits until all before it are durable.
 * After a failure nothing is written until `recover`, and then the same values come again. Mutable.
 */

import { limits } from "../../core/limits.ts";
import type { SinkCut, SinkStatus, SinkWriter } from "./sink-writer.ts";
import type { IdempotentSink } from "./two-phase-sink.ts";

export interface IdempotentWriterOptions<T> {
  readonly sink: IdempotentSink<T>;
  /** The sink works no more, until `recover`; also when nobody adds anything. */
  readonly failed?: (error: unknown) => void;
}

export class IdempotentWriter<T> implements SinkWriter<T> {
  readonly #sink: IdempotentSink<T>;
  readonly #failed: (error: unknown) => void;
  #filling: Filling<T> = { values: [], isWriting: false };
  #waiting = 0;
  #isClosed = false;
  /** Until all that was added has been written; never rejects. */
  #work: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;

  constructor({ sink, failed = () => undefined }: IdempotentWriterOptions<T>) {
    this.#sink = sink;
    this.#failed = failed;
  }

  async recover(): Promise<void> {
    this.#failure ??= { error: new Error("the sink begins anew") }; // what still waits is not written
    await this.#work;
    this.#filling = { values: [], isWriting: false };
    this.#waiting = 0;
    this.#failure = null;
  }

  async add(values: readonly T[]): Promise<void> {
    this.#requireWorking();
    const filling = this.#filling;
    for (const value of values) filling.values.push(value);
    this.#waiting += values.length;
    if (!filling.isWriting) {
      filling.isWriting = true;
      this.#work = this.#work.then(() => this.#write(filling));
    }
    while (this.#waiting > limits.sinkWaitingValuesMax) {
      await this.#work;
      this.#requireWorking();
    }
  }

  cut(): SinkCut {
    this.#requireWorking();
    this.#filling = { values: [], isWriting: false }; // so that what comes later is not waited for
    const preCommitted = this.#work.then(() => {
      this.#requireWorking();
      return [];
    });
    preCommitted.catch(() => undefined); // nobody waits for it where the checkpoint has failed already
    return { preCommitted, complete: async () => undefined };
  }

  status(): SinkStatus {
    return {
      failure: this.#failure?.error ?? null,
      waiting: this.#waiting,
      open: 0,
      prepared: 0,
      committed: 0,
      aborted: 0,
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#work;
    await this.#sink.close();
  }

  async #write(filling: Filling<T>): Promise<void> {
    try {
      while (filling.values.length > 0 && this.#failure === null && !this.#isClosed) {
        const batch = filling.values.splice(0, limits.sinkBatchValuesMax);
        await this.#sink.write(batch);
        this.#waiting -= batch.length;
      }
    } catch (error) {
      this.#failure = { error };
      this.#failed(error);
    }
    filling.isWriting = false;
  }

  #requireWorking(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}

/** What is added between two barriers. */
interface Filling<T> {
  readonly values: T[];
  isWriting: boolean;
}
