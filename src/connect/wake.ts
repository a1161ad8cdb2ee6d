/** A sleeper and those who wake it: a call before it sleeps is not lost, and many calls are one. One sleeper at a time. Mutable. */

export class Wake {
  #isCalled = false;
  #resolve: (() => void) | null = null;

  call(): void {
    this.#isCalled = true;
    this.#resolve?.();
  }

  /** Resolves as soon as somebody has called since it last did. */
  async called(): Promise<void> {
    if (!this.#isCalled) await new Promise<void>((resolve) => (this.#resolve = resolve));
    this.#resolve = null;
    this.#isCalled = false;
  }
}
