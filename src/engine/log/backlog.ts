/** Since when what is durable has waited to be written out: a mark for each chunk of the log that has not been. Mutable. */

export class Backlog {
  readonly #marks: { readonly through: number; readonly at: number }[] = [];

  /** A chunk that ends at `through` became durable; what is below `written` is written out. */
  add(through: number, { at, written }: { readonly at: number; readonly written: number }): void {
    this.#forget(written);
    this.#marks.push({ through, at });
  }

  /** Since when the oldest chunk has waited that is not below `written`; null when none waits. */
  since(written: number): number | null {
    this.#forget(written);
    return this.#marks[0]?.at ?? null;
  }

  #forget(written: number): void {
    while (this.#marks.length > 0 && this.#marks[0]!.through <= written) this.#marks.shift();
  }
}
