/**
 * The identities that a stream has taken, so that a redelivered event is taken once (S2.3). A function of the log: an identity
 * counts while its event's time is within `dedupe` of the greatest event time accepted, whenever the index was last tidied.
 */

/** Tidied when it has doubled since the last time, so that tidying costs nothing worth naming per event. */
const TIDY_FROM = 10_000;

export class IdentityIndex {
  readonly #times = new Map<string, number>();
  #greatest = Number.NEGATIVE_INFINITY;
  #tidyAt = TIDY_FROM;

  has(id: string, dedupeMs: number): boolean {
    const time = this.#times.get(id);
    return time !== undefined && time >= this.#greatest - dedupeMs;
  }

  add(id: string, time: number, dedupeMs: number): void {
    if (time > this.#greatest) this.#greatest = time;
    this.#times.set(id, time);
    if (this.#times.size >= this.#tidyAt) this.#tidy(dedupeMs);
  }

  /** In the order in which they came. */
  entries(): Iterable<readonly [id: string, time: number]> {
    return this.#times;
  }

  restore(greatest: number, identities: readonly (readonly [string, number])[]): void {
    this.#greatest = greatest;
    for (const [id, time] of identities) this.#times.set(id, time);
    this.#tidyAt = Math.max(TIDY_FROM, 2 * this.#times.size);
  }

  get size(): number {
    return this.#times.size;
  }

  #tidy(dedupeMs: number): void {
    const horizon = this.#greatest - dedupeMs;
    for (const [id, time] of this.#times) if (time < horizon) this.#times.delete(id);
    this.#tidyAt = Math.max(TIDY_FROM, 2 * this.#times.size);
  }
}
