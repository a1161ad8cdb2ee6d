/** Whoever waits for an offset to be reached. Mutable. */

export class Milestones {
  #waiting: { readonly offset: number; readonly resolve: () => void }[] = [];

  at(offset: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ offset, resolve }));
  }

  reached(end: number): void {
    this.#waiting = this.#waiting.filter(({ offset, resolve }) => {
      if (offset > end) return true;
      resolve();
      return false;
    });
  }
}
