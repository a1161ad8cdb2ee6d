/**
 * Which keys of an operator have changed since the last barrier, so that a checkpoint need write no others. Nothing is kept, and a
 * key costs nothing, until the first barrier; then a record costs a comparison, and the first change of a key a place in a list.
 * Mutable.
 */

import type { Json } from "../../core/event.ts";
import { KeyCapture } from "./key-capture.ts";
import type { KeyScope } from "./key-scope.ts";
import type { KeySnapshot } from "../task/snapshot.ts";

export interface KeyChangesSetup<W> {
  /** All there are, also while some come and go. */
  readonly scopes: () => Iterable<KeyScope<W>>;
  readonly isEmpty: (scope: KeyScope<W>) => boolean;
  /** How many keys there have been. */
  readonly keysSeen: () => number;
}

export interface BarrierOptions<W> {
  readonly encode: (scope: KeyScope<W>) => KeySnapshot;
  /** Of which key groups all keys are wanted, and not only those that have changed. */
  readonly isRewritten: (group: number) => boolean;
}

/** Between two barriers lie two epochs: that of the changes, and one for keys that the barrier's capture has encoded. */
const EPOCHS = 2;

export class KeyChanges<W> {
  readonly #setup: KeyChangesSetup<W>;
  /** 0: nobody has asked yet. */
  #epoch = 0;
  /** Whether what has changed is known, since some checkpoint has the rest. */
  #isKnown = false;
  #changed: KeyScope<W>[] = [];
  #gone: Json[] = [];
  /** Keys that came before the last barrier may be known to a checkpoint, which must learn it when they go. */
  #savedBelow = 0;
  #capture: KeyCapture<W> | null = null;

  constructor(setup: KeyChangesSetup<W>) {
    this.#setup = setup;
  }

  /** Whether what has changed since a barrier, or since `begin`, is known. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** As of now, everything is in a checkpoint. */
  begin(): void {
    this.#isKnown = true;
    this.#epoch += EPOCHS;
    this.#savedBelow = this.#setup.keysSeen();
  }

  /** The key is about to change. */
  touch(scope: KeyScope<W>): void {
    if (scope.epoch === this.#epoch) return;
    this.#capture?.beforeChange(scope);
    scope.epoch = this.#epoch;
    this.#changed.push(scope);
  }

  /** The key has nothing left, and is forgotten. */
  forgotten({ key, keyOrdinal }: KeyScope<W>): void {
    if (keyOrdinal < this.#savedBelow) this.#gone.push(key);
  }

  /** What has changed since the barrier before, as it is now, to be encoded while records go on. One at a time. */
  barrier({ encode, isRewritten }: BarrierOptions<W>): KeyCapture<W> {
    const { scopes, isEmpty, keysSeen } = this.#setup;
    const isFirst = !this.#isKnown;
    const capture = new KeyCapture<W>({
      scopes,
      isEmpty,
      encode,
      isRewritten: isFirst ? () => true : isRewritten,
      epoch: this.#epoch,
      keysBelow: keysSeen(),
      changed: this.#changed,
      gone: this.#gone,
      settle: (own, isSaved) => this.#settle(own, { isSaved, isFirst }),
    });
    this.#changed = [];
    this.#gone = [];
    this.begin();
    this.#capture = capture;
    return capture;
  }

  /** The capture has become part of a checkpoint, or never will: then what it was about has changed since the barrier before it. */
  #settle(
    { changed, gone }: KeyCapture<W>,
    { isSaved, isFirst }: { readonly isSaved: boolean; readonly isFirst: boolean },
  ): void {
    this.#capture = null;
    if (isSaved) return;
    if (isFirst) this.#isKnown = false;
    this.#gone = [...gone, ...this.#gone];
    for (const scope of changed) {
      if (scope.epoch === this.#epoch) continue;
      scope.epoch = this.#epoch;
      this.#changed.push(scope);
    }
  }
}
