/** One thing at a time, and after a failure nothing: what an element has done by half must not be built upon (S11.1). Mutable. */

import { UserError } from "../../core/errors.ts";

export class Gate {
  #isBusy = false;
  #isClosed = false;
  #failure: { readonly error: unknown } | null = null;

  /** UserError `task-failed`, `task-closed`, `task-busy`. Whoever has entered comes out by `leave`, or by `fail`. */
  enter(): void {
    if (this.#isClosed) throw new UserError({ code: "task-closed", message: "the task has been closed" });
    if (this.#failure !== null) {
      throw new UserError({
        code: "task-failed",
        message: `the task has failed: ${messageOf(this.#failure.error)}`,
        hint: "make a new task from the last snapshot, and push what came after it again",
      });
    }
    if (this.#isBusy) {
      throw new UserError({
        code: "task-busy",
        message: "the task was used from inside one of its own functions",
        hint: "collect what is to be pushed, and push it when the call has returned",
      });
    }
    this.#isBusy = true;
  }

  leave(): void {
    this.#isBusy = false;
  }

  fail(error: unknown): void {
    this.#isBusy = false;
    this.#failure = { error };
  }

  /** Nobody enters any more; whether somebody could until now. */
  close(): boolean {
    const wasOpen = !this.#isClosed;
    this.#isClosed = true;
    return wasOpen;
  }

  /** What is done inside, at once. */
  run<R>(action: () => R): R {
    this.enter();
    try {
      const result = action();
      this.leave();
      return result;
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
