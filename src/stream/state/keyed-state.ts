/** The keys of one operator's subtask, each with its states and timers. A key with nothing left is forgotten (S11.17). Mutable. */

import { canonicalJson } from "../../core/canonical-json.ts";
import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import { KeyChanges } from "./key-changes.ts";
import { KeyScope } from "./key-scope.ts";
import { isPlainObject } from "./json-copy.ts";
import type { ProcessingClock } from "../task/processing-clock.ts";
import { isScopeEmpty, StateTable } from "./state-table.ts";

export class KeyedState<W = unknown> {
  readonly table: StateTable;
  readonly changes: KeyChanges<W>;
  readonly #operator: string;
  /** By the key itself, or by the canonical text of an array or object. */
  readonly #plain = new Map<Json, KeyScope<W>>();
  readonly #composite = new Map<string, KeyScope<W>>();
  #current: KeyScope<W> | null = null;
  #keysSeen = 0;

  constructor({ operator, clock }: { operator: string; clock: ProcessingClock }) {
    this.#operator = operator;
    this.table = new StateTable({
      operator,
      scopeName: "key",
      clock,
      scopes: () => this.scopes(),
      released: (scope) => this.#forgetIfEmpty(scope as KeyScope<W>),
    });
    this.changes = new KeyChanges({ scopes: () => this.scopes(), isEmpty, keysSeen: () => this.#keysSeen });
  }

  get size(): number {
    return this.#plain.size + this.#composite.size;
  }

  /** UserError `outside-key`. */
  get current(): KeyScope<W> {
    if (this.#current !== null) return this.#current;
    throw new UserError({
      code: "outside-key",
      message: `${this.#operator}: a key or its timers were asked for while no key is at hand`,
      hint: "they belong to the record or timer that is being processed: use them before the function returns",
    });
  }

  /** Makes the key the current one. UserError `bad-key` for what cannot be one. */
  enter(key: Json): KeyScope<W> {
    const scope = this.#plain.get(key) ?? this.#find(key);
    this.enterScope(scope);
    return scope;
  }

  /** The key as it is, if there is anything of it; it does not become the current one. */
  find(key: Json): KeyScope<W> | undefined {
    return isPlain(key) ? this.#plain.get(key) : this.#composite.get(canonicalJson(key));
  }

  enterScope(scope: KeyScope<W>): void {
    this.changes.touch(scope);
    this.#current = scope;
    this.table.current = scope;
  }

  leave(): void {
    const scope = this.#current;
    this.#current = null;
    this.table.current = null;
    if (scope !== null) this.#forgetIfEmpty(scope);
  }

  /** For whoever has changed a key's scope by itself: a key with nothing left goes, and none is current. */
  release(scope: KeyScope<W>): void {
    this.#current = scope;
    this.leave();
  }

  *scopes(): Iterable<KeyScope<W>> {
    yield* this.#plain.values();
    yield* this.#composite.values();
  }

  /** By key group, then in the order in which the keys came. */
  ordered(): KeyScope<W>[] {
    return [...this.scopes()].sort((a, b) => a.group - b.group || a.keyOrdinal - b.keyOrdinal);
  }

  #find(key: Json): KeyScope<W> {
    if (isPlain(key)) return this.#added(this.#plain, { id: key, key });
    if (typeof key !== "object" || !isJsonAllThrough(key)) throw badKey({ operator: this.#operator, key });
    const id = canonicalJson(key);
    return this.#composite.get(id) ?? this.#added(this.#composite, { id, key });
  }

  #added<I>(scopes: Map<I, KeyScope<W>>, { id, key }: { id: I; key: Json }): KeyScope<W> {
    const scope = new KeyScope<W>({ key, keyOrdinal: this.#keysSeen++ });
    scopes.set(id, scope);
    return scope;
  }

  #forgetIfEmpty(scope: KeyScope<W>): void {
    if (!isEmpty(scope)) return;
    const { key } = scope;
    this.changes.forgotten(scope);
    if (isPlain(key)) this.#plain.delete(key);
    else this.#composite.delete(canonicalJson(key));
  }
}

function isEmpty(scope: KeyScope): boolean {
  const { own, eventTimers, processingTimers } = scope;
  return own === null && eventTimers === null && processingTimers === null && isScopeEmpty(scope);
}

function isPlain(key: Json): boolean {
  return key === null || typeof key === "string" || typeof key === "boolean" || Number.isFinite(key);
}

/** Otherwise different keys would have the same canonical JSON. */
function isJsonAllThrough(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isPlain(value as Json);
  if (Array.isArray(value)) return value.every(isJsonAllThrough);
  return isPlainObject(value) && Object.values(value).every(isJsonAllThrough);
}

/** For what a key function gave that is no key. */
export function badKey({ operator, key }: { operator: string; key: unknown }): UserError {
  return new UserError({
    code: "bad-key",
    message: `${operator}: the key of a record is ${String(key)}; expected JSON`,
    hint: "filter such records out before `keyBy`, or give them a key of their own",
  });
}
