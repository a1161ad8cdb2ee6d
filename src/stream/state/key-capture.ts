/**
 * The keys of an operator as they were at a barrier. They are encoded bit by bit while records go on; one that is about to change
 * is encoded first. So the barrier itself takes no longer for a key than to be put into a list. Mutable.
 */

import type { Json } from "../../core/event.ts";
import { KEY_GROUPS, keyGroup } from "../../core/key-group.ts";
import type { KeyScope } from "./key-scope.ts";
import type { KeySnapshot } from "../task/snapshot.ts";

/** What there is to be said of a key group; JSON texts. */
export interface CapturedGroup {
  /** Whether it is all that there is of the group, or what has changed. */
  readonly isWhole: boolean;
  readonly gone: readonly string[];
  /** In the order in which the keys came. */
  readonly keys: readonly string[];
}

/** A capture as whoever writes it down sees it. */
export interface CapturedKeys {
  /** Encodes up to `count` more keys; whether all are encoded. */
  encodeSome(count: number): boolean;
  /** When all are encoded, by group; groups that there is nothing to say of are not there, but for those that are rewritten. */
  groups(): ReadonlyMap<number, CapturedGroup>;
  /** To be called in the end: is it part of a checkpoint now? */
  settle(isSaved: boolean): void;
}

interface KeyCaptureSetup<W> {
  readonly scopes: () => Iterable<KeyScope<W>>;
  readonly isEmpty: (scope: KeyScope<W>) => boolean;
  readonly encode: (scope: KeyScope<W>) => KeySnapshot;
  readonly isRewritten: (group: number) => boolean;
  /** That of the changes before the barrier; a key that has been encoded has the next one. */
  readonly epoch: number;
  /** Keys that came later are no part of it. */
  readonly keysBelow: number;
  readonly changed: readonly KeyScope<W>[];
  readonly gone: readonly Json[];
  readonly settle: (capture: KeyCapture<W>, isSaved: boolean) => void;
}

const GROUPS = Array.from({ length: KEY_GROUPS }, (_, group) => group);

interface EncodedKey {
  readonly ordinal: number;
  readonly text: string;
}

export class KeyCapture<W> implements CapturedKeys {
  readonly #setup: KeyCaptureSetup<W>;
  readonly #rewritten: ReadonlySet<number>;
  readonly #encoded = new Map<number, EncodedKey[]>();
  #left: Iterator<KeyScope<W>> | null;

  constructor(setup: KeyCaptureSetup<W>) {
    this.#setup = setup;
    this.#rewritten = new Set(GROUPS.filter((group) => setup.isRewritten(group)));
    this.#left = this.#candidates()[Symbol.iterator]();
  }

  get changed(): readonly KeyScope<W>[] {
    return this.#setup.changed;
  }

  get gone(): readonly Json[] {
    return this.#setup.gone;
  }

  /** For the operator, before each first change of a key. */
  beforeChange(scope: KeyScope<W>): void {
    if (this.#left !== null && this.#includes(scope)) this.#encode(scope);
  }

  encodeSome(count: number): boolean {
    for (let seen = 0; this.#left !== null && seen < count; seen++) {
      const next = this.#left.next();
      if (next.done === true) this.#left = null;
      else if (this.#includes(next.value)) this.#encode(next.value);
    }
    return this.#left === null;
  }

  settle(isSaved: boolean): void {
    this.#left = null;
    this.#setup.settle(this, isSaved);
  }

  groups(): ReadonlyMap<number, CapturedGroup> {
    const gone = new Map<number, string[]>();
    for (const key of this.#setup.gone) {
      const group = keyGroup(key);
      if (this.#rewritten.has(group)) continue;
      gone.set(group, [...(gone.get(group) ?? []), JSON.stringify(key)]);
    }
    const groups = new Map<number, CapturedGroup>();
    for (const group of new Set([...this.#rewritten, ...gone.keys(), ...this.#encoded.keys()])) {
      const keys = (this.#encoded.get(group) ?? []).sort((a, b) => a.ordinal - b.ordinal).map(({ text }) => text);
      groups.set(group, { isWhole: this.#rewritten.has(group), gone: gone.get(group) ?? [], keys });
    }
    return groups;
  }

  *#candidates(): Iterable<KeyScope<W>> {
    yield* this.#setup.changed;
    if (this.#rewritten.size > 0) yield* this.#setup.scopes();
  }

  #includes({ group, epoch, keyOrdinal }: KeyScope<W>): boolean {
    const { epoch: own, keysBelow } = this.#setup;
    return keyOrdinal < keysBelow && (epoch === own || (epoch < own && this.#rewritten.has(group)));
  }

  #encode(scope: KeyScope<W>): void {
    const { epoch, isEmpty, encode } = this.#setup;
    scope.epoch = epoch + 1;
    if (isEmpty(scope)) return;
    const key = { ordinal: scope.keyOrdinal, text: JSON.stringify(encode(scope)) };
    const keys = this.#encoded.get(scope.group);
    if (keys === undefined) this.#encoded.set(scope.group, [key]);
    else keys.push(key);
  }
}
