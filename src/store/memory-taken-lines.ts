/** How much of each keyed request is in the log, in memory. */

import type { RequestKey, RequestKeys, TakenLines } from "../engine/log/idempotency.ts";
import { requestKeyText } from "./taken-lines.ts";

export class MemoryRequestKeys implements RequestKeys {
  readonly #taken = new Map<string, TakenLines>();

  async find(key: RequestKey): Promise<TakenLines | null> {
    return this.#taken.get(requestKeyText(key)) ?? null;
  }

  async forget({ before }: { readonly before: number }): Promise<number> {
    const old = [...this.#taken.values()].filter(({ takenAt }) => takenAt < before);
    for (const lines of old) this.#taken.delete(requestKeyText(lines));
    return old.length;
  }

  write(taken: readonly TakenLines[]): void {
    for (const lines of taken) this.#taken.set(requestKeyText(lines), lines);
  }
}
