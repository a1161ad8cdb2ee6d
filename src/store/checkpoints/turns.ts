/** One thing after the other, in the order they came. Mutable. */

export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does `work` when everything that came before is over, well or not. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
