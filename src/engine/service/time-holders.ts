/**
 * Who holds time back, and since when it has not moved: looked at now and then, by the arrival of what goes through the engine.
 * For people to see; nothing depends on it. Mutable.
 */

import type { ValveStatus } from "../../stream/time/watermark-valve.ts";

/** The input whose watermark is the least of those that are not idle. */
export interface Holder {
  readonly input: string;
  readonly watermark: number;
  /** Epoch milliseconds: neither it nor its watermark has been another one since. */
  readonly since: number;
}

const LOOK_EVERY_MS = 1000;

export class TimeHolders {
  readonly #status: () => Readonly<Record<string, ValveStatus>>;
  #holders = new Map<string, Holder>();
  #now = -Infinity;
  #lookedAt = -Infinity;

  /** `status`: by name, where several inputs' times meet. */
  constructor(status: () => Readonly<Record<string, ValveStatus>>) {
    this.#status = status;
  }

  /** Something came at this time. */
  passed(at: number): void {
    if (at > this.#now) this.#now = at;
    if (this.#now - this.#lookedAt >= LOOK_EVERY_MS) this.#look();
  }

  /** By the name of the place where times meet. */
  holders(): ReadonlyMap<string, Holder> {
    this.#look();
    return this.#holders;
  }

  #look(): void {
    this.#lookedAt = this.#now;
    const holders = new Map<string, Holder>();
    for (const [name, { heldBackBy }] of Object.entries(this.#status())) {
      if (heldBackBy === null) continue;
      const { input, watermark } = heldBackBy;
      const known = this.#holders.get(name);
      const same = known?.input === input && known.watermark === watermark;
      holders.set(name, same ? known : { input, watermark, since: this.#now });
    }
    this.#holders = holders;
  }
}
