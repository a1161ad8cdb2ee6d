/** Why the service cannot do its work now: a sentence for each cause, and none when it can. Mutable. */

type Cause = "phase" | "database" | "writer lock";

export class Readiness {
  readonly #reasons = new Map<Cause, string>([["phase", "the service is starting"]]);

  /** Null: the cause is gone. */
  set(cause: Cause, reason: string | null): void {
    if (reason === null) this.#reasons.delete(cause);
    else this.#reasons.set(cause, reason);
  }

  reasons(): readonly string[] {
    return [...this.#reasons.values()];
  }
}
