/** Time that goes on when the test says so: a clock, and what is to come later by itself. */

import type { Clock, Notices, Scheduler } from "../../src/engine/ports.ts";

export class TestTime implements Clock, Scheduler {
  #now: number;
  #calls: { readonly at: number; readonly call: () => void }[] = [];

  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const entry = { at: this.#now + ms, call };
    this.#calls.push(entry);
    return () => {
      this.#calls = this.#calls.filter((other) => other !== entry);
    };
  }

  async turn(): Promise<void> {}

  /** What is due by then is called, in order; what it sets in motion has a few turns after each. */
  async goTo(time: number): Promise<void> {
    for (;;) {
      const due = this.#calls.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#calls = this.#calls.filter((other) => other !== due);
      this.#now = Math.max(this.#now, due.at);
      due.call();
      await settled();
    }
    this.#now = Math.max(this.#now, time);
    await settled();
  }
}

/** What needs no more than turns has been done. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Remembers what people would be told. */
export class TestNotices implements Notices {
  readonly told: string[] = [];

  info(_fields: object, message: string): void {
    this.told.push(message);
  }

  warn(fields: object, message: string): void {
    const reason = (fields as { readonly reason?: string }).reason;
    this.told.push(reason === undefined ? message : `${message}: ${reason}`);
  }
}
