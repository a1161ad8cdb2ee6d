/** A two-phase sink in memory, over a world that outlives every writer. Each call may meet an end before or after its effect. */

import type { RecoveredTransactions, TwoPhaseSink } from "../../src/stream/two-phase-sink.ts";

/** What others see of the sink, and what they do not see yet. Mutable. */
export class SinkWorld<T> {
  readonly visible: T[] = [];
  readonly open = new Map<string, T[]>();
  readonly prepared = new Map<string, T[]>();
  /** Transactions that were ever begun: no name comes again. */
  begun = 0;
}

export class MemoryTwoPhaseSink<T> implements TwoPhaseSink<T, string> {
  readonly #world: SinkWorld<T>;
  readonly #step: (point: string) => Promise<void>;

  constructor(world: SinkWorld<T>, step: (point: string) => Promise<void> = async () => undefined) {
    this.#world = world;
    this.#step = step;
  }

  begin(): Promise<string> {
    return this.#around("begin", () => {
      const transaction = `t${++this.#world.begun}`;
      this.#world.open.set(transaction, []);
      return transaction;
    });
  }

  write(transaction: string, values: readonly T[]): Promise<void> {
    return this.#around("write", () => void this.#openOne(transaction).push(...values));
  }

  preCommit(transaction: string): Promise<void> {
    return this.#around("preCommit", () => {
      this.#world.prepared.set(transaction, this.#openOne(transaction));
      this.#world.open.delete(transaction);
    });
  }

  commit(transaction: string): Promise<void> {
    return this.#around("commit", () => void this.#commit(transaction));
  }

  abort(transaction: string): Promise<void> {
    return this.#around("abort", () => {
      this.#world.open.delete(transaction);
      this.#world.prepared.delete(transaction);
    });
  }

  recover(pending: readonly string[]): Promise<RecoveredTransactions> {
    return this.#around("recover", () => {
      const committed = pending.filter((transaction) => this.#commit(transaction)).length;
      const aborted = this.#world.prepared.size + this.#world.open.size;
      this.#world.prepared.clear();
      this.#world.open.clear();
      return { committed, aborted };
    });
  }

  async close(): Promise<void> {}

  #commit(transaction: string): boolean {
    const values = this.#world.prepared.get(transaction);
    if (values === undefined) return false;
    this.#world.visible.push(...values);
    return this.#world.prepared.delete(transaction);
  }

  #openOne(transaction: string): T[] {
    const values = this.#world.open.get(transaction);
    if (values === undefined) throw new Error(`${transaction} is not open`);
    return values;
  }

  async #around<R>(name: string, effect: () => R): Promise<R> {
    await this.#step(`before ${name}`);
    const result = effect();
    await this.#step(`after ${name}`);
    return result;
  }
}
