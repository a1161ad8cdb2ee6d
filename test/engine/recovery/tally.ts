/** How often each thing has happened in simulated worlds: what is never there proves nothing. Mutable. */

export class Tally {
  readonly #counts = new Map<string, number>();
  /** What happened in one world, one thing after the other; null where nobody wants to know. */
  readonly #traced: string[] | null;

  constructor({ traces = false }: { readonly traces?: boolean } = {}) {
    this.#traced = traces ? [] : null;
  }

  count(what: string, times = 1): void {
    this.trace(what);
    if (times > 0) this.#counts.set(what, this.of(what) + times);
  }

  trace(what: string): void {
    this.#traced?.push(what);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  add(other: Tally): void {
    for (const [what, times] of other.#counts) this.count(what, times);
  }

  lines(): string[] {
    return [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, times]) => `${String(times).padStart(9)}  ${what}`);
  }

  get traced(): readonly string[] {
    return this.#traced ?? [];
  }
}
