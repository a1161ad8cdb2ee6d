/** A progress line on standard error while it is a terminal, and in the end, wherever that goes, one line of sums. */

import type { WriteStream } from "node:tty";

const BAR_WIDTH = 24;
/** Redrawn once per this many bytes of input: often enough to look alive. */
const STEP_BYTES = 1 << 20;

export class Progress {
  readonly #out: WriteStream;
  readonly #total: number | null;
  #read = 0;
  #shownAt = 0;

  /** `total` is the input's size in bytes; null when it is not known. */
  constructor(out: WriteStream, total: number | null) {
    this.#out = out;
    this.#total = total;
  }

  async *counting(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#read += chunk.length;
      yield chunk;
    }
  }

  show(text: string): void {
    if (!this.#out.isTTY || this.#read - this.#shownAt < STEP_BYTES) return;
    this.#shownAt = this.#read;
    this.#out.write(`\r\x1b[2K${this.#bar()} ${text}`);
  }

  clear(): void {
    if (this.#out.isTTY && this.#shownAt > 0) this.#out.write("\r\x1b[2K");
  }

  /** The sums, in place of the bar. */
  end(summary: string): void {
    this.clear();
    this.#out.write(`${summary}\n`);
  }

  #bar(): string {
    if (this.#total === null || this.#total === 0) return `${Math.round(this.#read / 1e6)} MB`;
    const done = Math.min(1, this.#read / this.#total);
    const filled = Math.round(done * BAR_WIDTH);
    return `[${"#".repeat(filled)}${"-".repeat(BAR_WIDTH - filled)}] ${Math.round(100 * done)} %`;
  }
}
