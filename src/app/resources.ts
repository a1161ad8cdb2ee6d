/** What has been opened, to be closed in the opposite order: each step on its own, so that one that fails stops no other. */

import type { Logger } from "./logger.ts";

interface Opened {
  readonly name: string;
  readonly close: () => Promise<unknown>;
}

/** Mutable: a stack that only grows, until it is closed once. */
export class Resources {
  readonly #log: Logger;
  readonly #opened: Opened[] = [];
  readonly #opening = new Set<Promise<unknown>>();
  #closing: Promise<void> | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** What is opened after closing has begun is closed at once, and the opener hears of it. */
  async open<T>(
    name: string,
    { open, close }: { open: () => Promise<T>; close: (resource: T) => Promise<unknown> },
  ): Promise<T> {
    if (this.#closing !== null) throw new StoppedError();
    const opening = open();
    this.#opening.add(opening);
    try {
      const resource = await opening;
      const opened = { name, close: () => close(resource) };
      if (this.#closing === null) {
        this.#opened.push(opened);
        return resource;
      }
      await this.#close(opened);
    } finally {
      this.#opening.delete(opening);
    }
    throw new StoppedError();
  }

  closeAll(): Promise<void> {
    this.#closing ??= this.#closeInTurn();
    return this.#closing;
  }

  async #closeInTurn(): Promise<void> {
    for (const opened of this.#opened.reverse()) await this.#close(opened);
    await Promise.allSettled(this.#opening);
  }

  async #close({ name, close }: Opened): Promise<void> {
    this.#log.debug({ resource: name }, "closing");
    try {
      await close();
    } catch (error) {
      this.#log.warn({ err: error, resource: name }, "could not be closed in order");
    }
  }
}

export class StoppedError extends Error {
  override readonly name = "StoppedError";

  constructor() {
    super("the service was stopped while it started");
  }
}
