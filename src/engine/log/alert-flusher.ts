/**
 * Writes alerts and late events behind the engine, in order, several records' worth in one transaction. The engine goes on
 * meanwhile, until too many alerts wait. Mutable.
 */

import { limits } from "../../core/limits.ts";
import type { Output } from "../output.ts";
import type { AlertWriter, Patience, StoredAlert } from "../ports.ts";
import { Unwritten } from "./unwritten.ts";

export class AlertFlusher {
  readonly #alerts: AlertWriter;
  readonly #patience: Patience;
  readonly #written: (alerts: readonly StoredAlert[], throughOffset: number) => void;
  readonly #unwritten = new Unwritten();
  /** The outputs of every record below have been added. */
  #throughOffset = 0;
  #writtenThrough = 0;
  #flushing: Promise<void> | null = null;
  #isRefused = false;

  /** `written` is called after each commit, with the alerts that were new. */
  constructor(options: {
    readonly alerts: AlertWriter;
    readonly patience: Patience;
    readonly written: (alerts: readonly StoredAlert[], throughOffset: number) => void;
  }) {
    this.#alerts = options.alerts;
    this.#patience = options.patience;
    this.#written = options.written;
  }

  /** The outputs of every record below this offset are written. */
  get writtenThrough(): number {
    return this.#writtenThrough;
  }

  /** The store has refused what was last given to it, and is given it again. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Resolves when the engine may go on: at once, unless too much waits to be written. */
  async add(outputs: readonly Output[], throughOffset: number): Promise<void> {
    this.#throughOffset = Math.max(throughOffset, this.#throughOffset);
    if (outputs.length > 0) {
      for (const output of outputs) this.#unwritten.add(output);
      if (this.#flushing === null) {
        this.#flushing = this.#flush();
        this.#flushing.catch(() => undefined); // `add` and `drained` tell it; nobody may be waiting yet
      }
    } else if (this.#flushing === null) this.#writtenThrough = this.#throughOffset;
    while (this.#unwritten.alerts > limits.unwrittenAlertsMax) await this.#flushing;
  }

  /** Resolves when the outputs of every record below the offset, all of which have been added, are written. */
  async reached(offset: number): Promise<void> {
    while (this.#writtenThrough < offset) await this.#flushing;
  }

  async drained(): Promise<void> {
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    while (!this.#unwritten.isEmpty) {
      const outputs = this.#unwritten.take();
      const throughOffset = this.#throughOffset;
      const stored = await this.#write(outputs, throughOffset);
      this.#writtenThrough = throughOffset;
      this.#written(stored, throughOffset);
    }
    this.#writtenThrough = this.#throughOffset;
    this.#flushing = null;
  }

  async #write(outputs: readonly Output[], throughOffset: number): Promise<readonly StoredAlert[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        const stored = await this.#alerts.write(outputs, throughOffset);
        this.#isRefused = false;
        return stored;
      } catch (error) {
        this.#isRefused = true;
        await this.#patience.beforeRetry(attempt, error);
      }
    }
  }
}
