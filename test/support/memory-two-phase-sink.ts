/** A two-phase sink in memory: what others see of it, what they do not see yet, and nothing that a process could take with it. */

import type { RecoveredTransactions, TwoPhaseSink } from "../../src/stream/sinks/two-phase-sink.ts";

export class MemoryTwoPhaseSink<T> implements TwoPhaseSink<T, string> {
  readonly visible: T[] = [];
  readonly open = new Map<string, T[]>();
  readonly prepared = new Map<string, T[]>();
  /** Transactions that were ever begun: no name comes again. */
  begun = 0;

  async begin(): Promise<string> {
    const transaction = `t${++this.begun}`;
    this.open.set(transaction, []);
    return transaction;
  }

  async write(transaction: string, values: readonly T[]): Promise<void> {
    this.#openOne(transaction).push(...values);
  }

  async preCommit(transaction: string): Promise<void> {
    this.prepared.set(transaction, this.#openOne(transaction));
    this.open.delete(transaction);
  }

  async commit(transaction: string): Promise<void> {
    this.#commit(transaction);
  }

  async abort(transaction: string): Promise<void> {
    this.open.delete(transaction);
    this.prepared.delete(transaction);
  }

  async recover(pending: readonly string[]): Promise<RecoveredTransactions> {
    const committed = pending.filter((transaction) => this.#commit(transaction)).length;
    const aborted = this.prepared.size + this.open.size;
    this.prepared.clear();
    this.open.clear();
    return { committed, aborted };
  }

  async close(): Promise<void> {}

  #commit(transaction: string): boolean {
    this.visible.push(...(this.prepared.get(transaction) ?? []));
    return this.prepared.delete(transaction);
  }

  #openOne(transaction: string): T[] {
    const values = this.open.get(transaction);
    if (values === undefined) throw new Error(`${transaction} is not open`);
    return values;
  }
}
