/**
 * Drives a two-phase sink by checkpoints: values go into one open transaction, a barrier pre-commits it, a complete checkpoint
 * commits it, with those of earlier checkpoints that failed. The sink gets one call at a time. Whatever fails, everything stops
 * there until `recover`, which commits what the last complete checkpoint names, and nothing else. Mutable.
 */

import type { Json } from "../../core/event.ts";
import { limits } from "../../core/limits.ts";
import type { SinkCut, SinkStatus, SinkWriter } from "./sink-writer.ts";
import type { TwoPhaseSink } from "./two-phase-sink.ts";

export interface TwoPhaseWriterOptions<T, Transaction extends Json> {
  readonly sink: TwoPhaseSink<T, Transaction>;
  /** The sink works no more, until `recover`; also when nobody adds anything. */
  readonly failed?: (error: unknown) => void;
}

export class TwoPhaseWriter<T, Transaction extends Json = Json> implements SinkWriter<T> {
  readonly #sink: TwoPhaseSink<T, Transaction>;
  readonly #failed: (error: unknown) => void;
  #filling: Filling<T, Transaction> = { values: [], transaction: null, isWriting: false };
  /** In the order of their cuts. */
  #prepared: { readonly cut: number; readonly transaction: Transaction }[] = [];
  #cuts = 0;
  #waiting = 0;
  #committed = 0;
  #aborted = 0;
  /** Calls of the sink, one after the other; never rejects. */
  #work: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = { error: new Error("the sink was never recovered") };

  constructor({ sink, failed = () => undefined }: TwoPhaseWriterOptions<T, Transaction>) {
    this.#sink = sink;
    this.#failed = failed;
  }

  async recover(transactions: readonly Json[]): Promise<void> {
    this.#failure ??= { error: new Error("the sink begins anew") }; // what is still to be done is not done
    await this.#work;
    this.#filling = { values: [], transaction: null, isWriting: false };
    this.#prepared = [];
    this.#waiting = 0;
    try {
      const { committed, aborted } = await this.#sink.recover(transactions as readonly Transaction[]);
      this.#committed += committed;
      this.#aborted += aborted;
      this.#failure = null;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  async add(values: readonly T[]): Promise<void> {
    this.#requireWorking();
    const filling = this.#filling;
    for (const value of values) filling.values.push(value);
    this.#waiting += values.length;
    if (filling.values.length >= limits.sinkBatchValuesMax && !filling.isWriting) {
      filling.isWriting = true;
      this.#run(() => this.#writeBatches(filling)).catch(() => undefined);
    }
    while (this.#waiting > limits.sinkWaitingValuesMax) {
      await this.#work;
      this.#requireWorking();
    }
  }

  cut(): SinkCut {
    this.#requireWorking();
    const filling = this.#filling;
    this.#filling = { values: [], transaction: null, isWriting: false };
    const cut = ++this.#cuts;
    const preCommitted = this.#run(() => this.#preCommit(filling, cut));
    preCommitted.catch(() => undefined); // nobody waits for it where the checkpoint has failed already
    return {
      preCommitted,
      complete: () => {
        const committed = this.#run(() => this.#commitThrough(cut));
        committed.catch(() => undefined); // a failure is told by `failed`, too
        return committed;
      },
    };
  }

  status(): SinkStatus {
    return {
      failure: this.#failure?.error ?? null,
      waiting: this.#waiting,
      open: this.#filling.transaction === null ? 0 : 1,
      prepared: this.#prepared.length,
      committed: this.#committed,
      aborted: this.#aborted,
    };
  }

  async close(): Promise<void> {
    await this.#work;
    const { transaction } = this.#filling;
    if (transaction !== null) await this.#sink.abort(transaction).catch(() => undefined); // `recover` will
    await this.#sink.close();
  }

  /** In its turn, unless the sink has failed by then. */
  #run<R>(step: () => Promise<R>): Promise<R> {
    const done = this.#work.then(async () => {
      this.#requireWorking();
      try {
        return await step();
      } catch (error) {
        this.#failure = { error };
        this.#failed(error);
        throw error;
      }
    });
    this.#work = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #writeBatches(filling: Filling<T, Transaction>): Promise<void> {
    while (filling.values.length >= limits.sinkBatchValuesMax) await this.#writeBatch(filling);
    filling.isWriting = false;
  }

  async #writeBatch(filling: Filling<T, Transaction>): Promise<void> {
    const batch = filling.values.splice(0, limits.sinkBatchValuesMax);
    filling.transaction ??= await this.#sink.begin();
    await this.#sink.write(filling.transaction, batch);
    this.#waiting -= batch.length;
  }

  /** Gives what a checkpoint of this cut has to name; nothing of later ones. */
  async #preCommit(filling: Filling<T, Transaction>, cut: number): Promise<readonly Transaction[]> {
    while (filling.values.length > 0) await this.#writeBatch(filling);
    const { transaction } = filling;
    if (transaction !== null) {
      await this.#sink.preCommit(transaction);
      this.#prepared.push({ cut, transaction });
    }
    return this.#prepared.map((prepared) => prepared.transaction);
  }

  async #commitThrough(cut: number): Promise<void> {
    for (let next = this.#prepared[0]; next !== undefined && next.cut <= cut; next = this.#prepared[0]) {
      await this.#sink.commit(next.transaction);
      this.#prepared.shift();
      this.#committed++;
    }
  }

  #requireWorking(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}

/** A transaction that takes values; it begins with the first that are handed over. */
interface Filling<T, Transaction> {
  readonly values: T[];
  transaction: Transaction | null;
  isWriting: boolean;
}
