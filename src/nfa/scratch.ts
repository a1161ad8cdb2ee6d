/**
 * A list that is filled and emptied for every event. Mutable. An array gives its memory up when its length is set to 0, and the
 * next `push` asks for room for 17; this one keeps it. What it held stays reachable until it is written over.
 */
export class Scratch<T> {
  readonly #items: T[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  at(index: number): T {
    return this.#items[index]!;
  }

  push(item: T): void {
    this.#items[this.#size++] = item;
  }

  /** There is one. */
  pop(): T {
    return this.#items[--this.#size]!;
  }

  includes(item: T): boolean {
    return this.some((other) => other === item);
  }

  some(test: (item: T) => boolean): boolean {
    for (let i = 0; i < this.#size; i++) if (test(this.#items[i]!)) return true;
    return false;
  }

  /** In place; equal items keep their order. */
  sort(compare: (a: T, b: T) => number): void {
    const sorted = this.#items.slice(0, this.#size).sort(compare);
    for (let i = 0; i < sorted.length; i++) this.#items[i] = sorted[i]!;
  }

  /** A copy, from `start` on. */
  toArray(start = 0): T[] {
    return this.#items.slice(start, this.#size);
  }

  /** Keeps the first `size`. */
  truncate(size: number): void {
    this.#size = size;
  }

  clear(): void {
    this.#size = 0;
  }
}
