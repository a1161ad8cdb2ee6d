/** The named lists that rules read with `in list("...")`. Changed by records of the log, so a replay reads what was there. Mutable. */

import type { NamedLists } from "../expr/types.ts";
import type { ListRecord, ListValue } from "./log-record.ts";

export class Lists implements NamedLists {
  readonly #lists = new Map<string, Set<ListValue>>();

  /** A list that was never put holds nothing. */
  has(list: string, value: unknown): boolean {
    return this.#lists.get(list)?.has(value as ListValue) ?? false;
  }

  apply({ name, change }: ListRecord): void {
    if ("put" in change) {
      this.#lists.set(name, new Set(change.put));
      return;
    }
    const values = this.#lists.get(name) ?? new Set<ListValue>();
    for (const value of change.remove) values.delete(value);
    for (const value of change.add) values.add(value);
    this.#lists.set(name, values);
  }

  snapshot(): readonly (readonly [list: string, values: readonly ListValue[]])[] {
    return [...this.#lists].map(([name, values]) => [name, [...values]]);
  }

  restore(snapshot: readonly (readonly [list: string, values: readonly ListValue[]])[]): void {
    for (const [name, put] of snapshot) this.#lists.set(name, new Set(put));
  }
}
