/**
 * The states that one operator keeps per scope: per key, per window, or once. A descriptor becomes a slot; each scope
 * holds its slots, and the handles look at the current scope. Mutable.
 */

import { UserError } from "../../core/errors.ts";
import type { Json, JsonObject } from "../../core/event.ts";
import { ownProperty } from "../../core/own-property.ts";
import type { OfVersion } from "../task/mixed-versions.ts";
import type { ProcessingClock } from "../task/processing-clock.ts";
import { requireReadable, serializerOf, type Serializer } from "./serializer.ts";
import type { StateType, StateTypes } from "../task/snapshot.ts";
import type { StateDescriptor } from "./state-descriptor.ts";
import type { Cell } from "./state-kinds.ts";
import { FOREVER, lifetimeOf, type Lifetime, type TimedItem } from "./state-ttl.ts";

export interface StateScope {
  /** What is stored, by slot; undefined is nothing. */
  slots: unknown[];
  /** What a snapshot had for states that nobody has asked for yet. */
  unclaimed: Readonly<Record<string, Json>> | null;
}

/** Of all scopes that hold nothing yet, as most windows never do; nothing is written to it, since it has no slot. */
export const NO_SLOTS: unknown[] = [];

export function emptyScope(): StateScope {
  return { slots: NO_SLOTS, unclaimed: null };
}

export function isScopeEmpty({ slots, unclaimed }: StateScope): boolean {
  if (unclaimed !== null) return false;
  for (const stored of slots) if (stored !== undefined) return false;
  return true;
}

export interface StateTableSetup {
  readonly operator: string;
  /** What one scope is, for messages: `key`, `window`. */
  readonly scopeName: string;
  readonly clock: ProcessingClock;
  /** All there are, where the table is of more than the current one. */
  readonly scopes: () => Iterable<StateScope>;
  /** A scope that is not the current one has lost its last item to the clean-up. */
  readonly released?: (scope: StateScope) => void;
}

interface State {
  readonly descriptor: StateDescriptor<unknown>;
  readonly slot: number;
  readonly lifetime: Lifetime;
  readonly serializer: Serializer<unknown>;
  readonly handle: unknown;
  /** Where the incremental clean-up is. */
  sweep: Iterator<StateScope> | null;
}

export class StateTable {
  readonly #setup: StateTableSetup;
  readonly #states = new Map<string, State>();
  #restored: StateTypes = {};
  #current: StateScope | null = null;

  constructor(setup: StateTableSetup) {
    this.#setup = setup;
  }

  /** The scope that handles look at from now on; null for none. */
  set current(scope: StateScope | null) {
    this.#current = scope;
  }

  get<S>(descriptor: StateDescriptor<S>): S {
    return this.#stateOf(descriptor).handle as S;
  }

  holds(descriptor: StateDescriptor<unknown>, scope: StateScope): boolean {
    return scope.slots[this.#stateOf(descriptor).slot] !== undefined;
  }

  clear(scope: StateScope): void {
    scope.slots = NO_SLOTS;
    scope.unclaimed = null;
  }

  /** Adds what `from` holds of the state to what `to` holds. UserError `state-cannot-merge`. */
  merge(descriptor: StateDescriptor<unknown>, { from, to }: { from: readonly StateScope[]; to: StateScope }): void {
    const state = this.#stateOf(descriptor);
    const { slot } = state;
    const { merge } = descriptor.kind;
    if (merge === undefined) throw this.#error("state-cannot-merge", `${this.#nameOf(descriptor)} cannot be merged`);
    if (descriptor.ttl !== null) {
      throw this.#error("state-cannot-merge", `${this.#nameOf(descriptor)} has a time to live, and cannot be merged`);
    }
    // What is merged away is among the table's scopes no more.
    this.#claim(state, from);
    for (const { slots } of from) {
      if (slots[slot] === undefined) continue;
      this.#store(to, {
        slot,
        stored: to.slots[slot] === undefined ? slots[slot] : merge(to.slots[slot], slots[slot]),
      });
    }
  }

  /** Knows what the same operator's other subtasks know, so that all tell one story. */
  adopt({ descriptors }: StateTable): void {
    for (const descriptor of descriptors) this.get(descriptor);
  }

  get descriptors(): readonly StateDescriptor<unknown>[] {
    return [...this.#states.values()].map(({ descriptor }) => descriptor);
  }

  types(): StateTypes {
    const types: Record<string, StateType> = { ...this.#restored };
    for (const [name, { descriptor }] of this.#states) {
      types[name] = { kind: descriptor.kind.word, version: descriptor.version, ttl: descriptor.ttl !== null };
    }
    return types;
  }

  /** What snapshots hold of a scope. */
  toJson(scope: StateScope): JsonObject {
    const json: Record<string, Json> = { ...scope.unclaimed };
    for (const [name, state] of this.#states) {
      const { descriptor, slot, lifetime } = state;
      const kept = lifetime.leavesExpiredOutOfSnapshots
        ? keepLive(descriptor, lifetime, scope.slots[slot])
        : scope.slots[slot];
      if (kept === undefined) continue;
      json[name] = descriptor.kind.toJson(kept, (item) => this.#itemToJson(state, item));
    }
    return json;
  }

  /** The types of what restored scopes have as `unclaimed`; their states are read when they are asked for. */
  restore(types: StateTypes): void {
    this.#restored = { ...types };
  }

  #stateOf(descriptor: StateDescriptor<unknown>): State {
    const state = this.#states.get(descriptor.name);
    if (state === undefined) return this.#register(descriptor);
    const { descriptor: first } = state;
    if (first !== descriptor && (first.kind.word !== descriptor.kind.word || first.version !== descriptor.version)) {
      throw this.#error(
        "state-conflict",
        `${this.#nameOf(descriptor)} is already a ${first.kind.word} state of version ${first.version}`,
        "give each state of an operator its own name",
      );
    }
    return state;
  }

  #register(descriptor: StateDescriptor<unknown>): State {
    const lifetime = descriptor.ttl === null ? FOREVER : lifetimeOf(descriptor.ttl, this.#setup.clock);
    const slot = this.#states.size;
    const state: State = {
      descriptor,
      slot,
      lifetime,
      serializer: serializerOf(descriptor),
      handle: descriptor.kind.handle(
        this.#cell({ name: descriptor.name, slot, sweeps: lifetime.sweptPerAccess > 0 }),
        lifetime,
      ),
      sweep: null,
    };
    this.#claim(state, this.#setup.scopes());
    this.#states.set(descriptor.name, state);
    return state;
  }

  #cell({ name, slot, sweeps }: { name: string; slot: number; sweeps: boolean }): Cell {
    return {
      get: () => {
        if (sweeps) this.#sweep(this.#states.get(name)!);
        return this.#scope(name).slots[slot];
      },
      set: (stored) => this.#store(this.#scope(name), { slot, stored }),
    };
  }

  #store(scope: StateScope, { slot, stored }: { slot: number; stored: unknown }): void {
    const { slots } = scope;
    if (slot >= slots.length) {
      if (stored === undefined) return;
      // Room for the states known so far, and no more: pushing would make room for 17.
      scope.slots = Array.from({ length: Math.max(slot + 1, this.#states.size) }, (_, known) => slots[known]);
    }
    scope.slots[slot] = stored;
  }

  #scope(name: string): StateScope {
    if (this.#current !== null) return this.#current;
    const { scopeName } = this.#setup;
    throw this.#error(
      `state-outside-${scopeName}`,
      `${this.#setup.operator}: state \`${name}\` was used while no ${scopeName} is at hand`,
      `state belongs to a ${scopeName}: use it while an element or a timer of one is being processed`,
    );
  }

  /** Looks through the next few scopes for what has expired; the state is cleaned up as it is used. */
  #sweep(state: State): void {
    const { descriptor, slot, lifetime } = state;
    for (let i = 0; i < lifetime.sweptPerAccess; i++) {
      state.sweep ??= this.#setup.scopes()[Symbol.iterator]();
      const next = state.sweep.next();
      if (next.done === true) {
        state.sweep = null;
        return;
      }
      const scope = next.value;
      if (scope === this.#current || scope.slots[slot] === undefined) continue;
      this.#store(scope, { slot, stored: keepLive(descriptor, lifetime, scope.slots[slot]) });
      if (scope.slots[slot] === undefined) this.#setup.released?.(scope);
    }
  }

  /** Takes over what a snapshot had of these scopes under this name. */
  #claim(state: State, scopes: Iterable<StateScope>): void {
    const { descriptor, slot } = state;
    const type = ownProperty(this.#restored, descriptor.name);
    if (type === undefined) return;
    this.#requireReadable(descriptor, type);
    for (const scope of scopes) {
      const written = ownProperty(scope.unclaimed ?? {}, descriptor.name);
      if (written === undefined) continue;
      const of = type.isMixed === true ? (written as unknown as OfVersion) : { type, json: written };
      this.#requireReadable(descriptor, of.type);
      const stored = descriptor.kind.fromJson(of.json, (item) => this.#itemFromJson(state, { type: of.type, item }));
      this.#store(scope, { slot, stored });
      const { [descriptor.name]: _, ...rest } = scope.unclaimed!;
      scope.unclaimed = Object.keys(rest).length === 0 ? null : rest;
    }
  }

  #requireReadable(descriptor: StateDescriptor<unknown>, { kind, version }: StateType): void {
    if (kind !== descriptor.kind.word) {
      throw this.#error(
        "state-conflict",
        `${this.#nameOf(descriptor)} is a ${kind} state in the snapshot`,
        "give the new state another name",
      );
    }
    requireReadable({ version, what: this.#nameOf(descriptor) }, descriptor);
  }

  #itemToJson({ descriptor: { name, ttl }, serializer }: State, item: unknown): Json {
    const value = ttl === null ? item : (item as TimedItem<unknown>).value;
    const json = serializer.toJson(value, `state \`${name}\` of ${this.#setup.operator}`);
    return ttl === null ? json : { value: json, updated: (item as TimedItem<unknown>).updated };
  }

  #itemFromJson({ descriptor, lifetime, serializer }: State, { type, item }: { type: StateType; item: Json }): unknown {
    const timed = type.ttl ? (item as { readonly value: Json; readonly updated: number }) : null;
    const written = { version: type.version, what: this.#nameOf(descriptor) };
    const value = serializer.fromJson(timed === null ? item : timed.value, written);
    return descriptor.ttl !== null && timed !== null ? { value, updated: timed.updated } : lifetime.stored(value);
  }

  #nameOf({ kind, name }: StateDescriptor<unknown>): string {
    return `${this.#setup.operator}: the ${kind.word} state \`${name}\``;
  }

  #error(code: string, message: string, hint?: string): UserError {
    return new UserError({ code, message, hint });
  }
}

function keepLive({ kind }: StateDescriptor<unknown>, lifetime: Lifetime, stored: unknown): unknown {
  return stored === undefined ? undefined : kind.keep(stored, (item) => !lifetime.isExpired(item));
}
