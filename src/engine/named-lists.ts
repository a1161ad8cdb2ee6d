/** The named lists that rules read with `in list("...")`. Changed by records of the log, so a replay reads what was there. Mutable. */

import type { NamedLists } from "../expr/types.ts";
import type { ListRecord, ListValue } from "./log/log-record.ts";

export interface NamedList {
  /** In the order they came. */
  readonly values: ReadonlySet<ListValue>;
  /** Of its values as JSON. */
  readonly bytes: number;
}

export class Lists implements NamedLists {
  readonly #lists = new Map<string, ListContents>();
  #changes = 0;

  /** A list that was never put holds nothing. */
  has(list: string, value: unknown): boolean {
    return this.#lists.get(list)?.values.has(value as ListValue) ?? false;
  }

  get(list: string): NamedList | undefined {
    return this.#lists.get(list);
  }

  all(): Iterable<readonly [name: string, list: NamedList]> {
    return this.#lists;
  }

  /** How often they have changed. */
  get changes(): number {
    return this.#changes;
  }

  apply({ name, change }: ListRecord): void {
    this.#changes++;
    if ("removed" in change) this.#lists.delete(name);
    else if ("put" in change) this.#lists.set(name, new ListContents(change.put));
    else {
      const list = this.#lists.get(name) ?? new ListContents([]);
      for (const value of change.remove) list.remove(value);
      for (const value of change.add) list.add(value);
      this.#lists.set(name, list);
    }
  }

  snapshot(): readonly (readonly [list: string, values: readonly ListValue[]])[] {
    return [...this.#lists].map(([name, { values }]) => [name, [...values]]);
  }

  restore(snapshot: readonly (readonly [list: string, values: readonly ListValue[]])[]): void {
    for (const [name, put] of snapshot) this.#lists.set(name, new ListContents(put));
  }
}

class ListContents implements NamedList {
  readonly values = new Set<ListValue>();
  #bytes = 0;

  constructor(values: readonly ListValue[]) {
    for (const value of values) this.add(value);
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(value: ListValue): void {
    if (this.values.has(value)) return;
    this.values.add(value);
    this.#bytes += listValueBytes(value);
  }

  remove(value: ListValue): void {
    if (this.values.delete(value)) this.#bytes -= listValueBytes(value);
  }
}

/** As JSON, which is how a list is logged and shown. */
export function listValueBytes(value: ListValue): number {
  return JSON.stringify(value).length;
}
