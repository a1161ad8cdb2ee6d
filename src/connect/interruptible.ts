/**
 * What a loop waits with: for word that something has come, and for work that takes its time. It is let go at once when something
 * fails, wherever that is, or when it is canceled. One waits at a time. Mutable.
 */

import { failureAt, type JobFailure } from "./job-failure.ts";
import { Wake } from "./wake.ts";

export class Interruptible {
  readonly #wake = new Wake();
  #failure: JobFailure | null = null;
  #isCanceled = false;

  /** Something has come. */
  call(): void {
    this.#wake.call();
  }

  fail(place: string, error: unknown): void {
    this.#failure ??= failureAt(place, error);
    this.#wake.call();
  }

  cancel(): void {
    this.#isCanceled = true;
    this.#wake.call();
  }

  /** Throws what has failed, or `Canceled`. */
  check(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#isCanceled) throw new Canceled();
  }

  /** Resolves when something has come since it last did, or has failed: who goes on checks. */
  called(): Promise<void> {
    return this.#wake.called();
  }

  /** What the work comes to; its own failure is one as any other. */
  async until<R>(work: Promise<R>): Promise<R> {
    const results: R[] = [];
    work.then(
      (result) => {
        results.push(result);
        this.#wake.call();
      },
      (error: unknown) => this.fail("the job", error),
    );
    for (;;) {
      this.check();
      if (results.length > 0) return results[0]!;
      await this.#wake.called();
    }
  }
}

/** How it is let go from wherever it waits. */
export class Canceled extends Error {}
