/** A queue: first in, first out. What has gone is let go in bulk, so that taking costs the same however long it is. Mutable. */

export class Queue<T> {
  readonly #items: T[] = [];
  #from = 0;

  get size(): number {
    return this.#items.length - this.#from;
  }

  /** The next to go. */
  get first(): T | undefined {
    return this.#items[this.#from];
  }

  /** The one that came last. */
  get last(): T | undefined {
    return this.size === 0 ? undefined : this.#items[this.#items.length - 1];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#from++];
    if (this.#from >= 1024 && this.#from * 2 > this.#items.length) {
      this.#items.splice(0, this.#from);
      this.#from = 0;
    }
    return item;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let at = this.#from; at < this.#items.length; at++) yield this.#items[at]!;
  }
}
