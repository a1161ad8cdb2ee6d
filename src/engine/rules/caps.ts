/**
 * The caps on a rule's partial matches. Per key, the oldest are dropped; in all, no new match is started. The cap in all is
 * divided among the key groups, so that what it does never depends on how they are spread. Mutable: it remembers which cap is hit,
 * so that hitting one is told once, and again only after there was room.
 */

import { limits } from "../../core/limits.ts";
import { KEY_GROUPS } from "../../core/key-group.ts";

export interface CapOptions {
  readonly partialMatchesPerKeyMax: number;
  readonly partialMatchesPerRuleMax: number;
}

export const DEFAULT_CAPS: CapOptions = {
  partialMatchesPerKeyMax: limits.partialMatchesPerKeyMax,
  partialMatchesPerRuleMax: limits.partialMatchesPerRuleMax,
};

export class GroupCaps {
  /** Of one key group. */
  readonly max: number;
  readonly #held = new Int32Array(KEY_GROUPS);
  readonly #told = new Uint8Array(KEY_GROUPS);

  constructor({ partialMatchesPerRuleMax }: CapOptions) {
    this.max = Math.max(1, Math.floor(partialMatchesPerRuleMax / KEY_GROUPS));
  }

  hasRoom(group: number): boolean {
    return this.#held[group]! < this.max;
  }

  add(group: number, partialMatches: number): void {
    if (partialMatches === 0) return;
    this.#held[group]! += partialMatches;
    if (this.#held[group]! <= this.max / 2) this.#told[group] = 0;
  }

  /** True the first time since there was room. */
  tell(group: number): boolean {
    if (this.#told[group] === 1) return false;
    this.#told[group] = 1;
    return true;
  }

  snapshot(): readonly number[] {
    return [...this.#told.keys()].filter((group) => this.#told[group] === 1);
  }

  restore(told: readonly number[]): void {
    for (const group of told) this.#told[group] = 1;
  }
}
