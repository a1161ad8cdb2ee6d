/** What one key has of sliding windows: what the records of each pane come to, in the order of time. Mutable. */

import { lowerBound } from "../state/lower-bound.ts";
import { isScopeEmpty, emptyScope, type StateScope } from "../state/state-table.ts";
import type { Window } from "./window.ts";

export interface Pane<C> {
  readonly start: number;
  contents: C;
}

export class Panes<C> {
  /** How many records have come. */
  arrivals = 0;
  #panes: Pane<C>[] = [];
  /** By the window's end; of windows that have any. */
  #windowStates: Map<number, StateScope> | null = null;

  get isEmpty(): boolean {
    return this.#panes.length === 0;
  }

  all(): readonly Pane<C>[] {
    return this.#panes;
  }

  /** The one that begins there. */
  at(start: number): Pane<C> | undefined {
    const pane = this.from(start);
    return pane?.start === start ? pane : undefined;
  }

  /** The first that begins there or later. */
  from(start: number): Pane<C> | undefined {
    return this.#panes[this.#indexFrom(start)];
  }

  within({ start, end }: Window): readonly Pane<C>[] {
    return this.#panes.slice(this.#indexFrom(start), this.#indexFrom(end));
  }

  add(pane: Pane<C>): void {
    // A list made with one has room for one; one that grows makes room for 17.
    if (this.isEmpty) this.#panes = [pane];
    else this.#panes.splice(this.#indexFrom(pane.start), 0, pane);
  }

  /** How many have gone. */
  dropBefore(start: number): number {
    return this.#panes.splice(0, this.#indexFrom(start)).length;
  }

  windowStates(): ReadonlyMap<number, StateScope> {
    return this.#windowStates ?? new Map<number, StateScope>();
  }

  windowStateOf(end: number): StateScope {
    return this.#windowStates?.get(end) ?? emptyScope();
  }

  /** The state is dropped where there is nothing in it. */
  keepWindowState(end: number, state: StateScope): void {
    if (!isScopeEmpty(state)) (this.#windowStates ??= new Map()).set(end, state);
    else if (this.#windowStates?.delete(end) === true && this.#windowStates.size === 0) this.#windowStates = null;
  }

  /** How many panes begin earlier. */
  #indexFrom(start: number): number {
    return lowerBound(this.#panes.length, (index) => this.#panes[index]!.start < start);
  }
}
