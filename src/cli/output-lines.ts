/** NDJSON to a stream that may be slow, or may go away (`| head`). */

import type { Writable } from "node:stream";
import type { Json } from "../core/event.ts";
import type { Alert } from "../engine/output.ts";

const BATCH_LENGTH = 1 << 16;

export class Lines {
  readonly #out: Writable;
  #batch = "";
  #drained: Promise<void> | null = null;
  #closed = false;

  constructor(out: Writable) {
    this.#out = out;
    out.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      this.#closed = true;
    });
  }

  /** The reader has gone. */
  get closed(): boolean {
    return this.#closed;
  }

  write(value: Json | Alert): void {
    this.#batch += `${JSON.stringify(value)}\n`;
    if (this.#batch.length >= BATCH_LENGTH) this.#send();
  }

  /** Resolves when the stream has taken what was written. */
  async flushed(): Promise<void> {
    if (this.#batch !== "") this.#send();
    await this.#drained;
    this.#drained = null;
  }

  #send(): void {
    const batch = this.#batch;
    this.#batch = "";
    if (this.#closed) return;
    this.#drained = new Promise((resolve) => this.#out.write(batch, () => resolve()));
  }
}
