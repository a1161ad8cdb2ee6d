/** Broadcast state: maps that every subtask has a whole copy of. The broadcast side writes them, the other side only reads (S11.20). */

import { UserError } from "../../core/errors.ts";
import { nearest } from "../../core/nearest.ts";
import type { OperatorSetup } from "../operators/operator.ts";
import type { BroadcastDescriptor } from "../functions/process-function.ts";
import { SingleState } from "./single-state.ts";
import type { OperatorSnapshot } from "../task/snapshot.ts";
import type { MapState, ReadOnlyMapState } from "./state-kinds.ts";
import type { StateTable } from "./state-table.ts";

/** What `broadcast(...)` was given. */
export type DeclaredBroadcasts = readonly BroadcastDescriptor<unknown, unknown>[];

/** UserError `bad-argument` for state that cannot be broadcast. */
export function checkBroadcasts(declared: DeclaredBroadcasts): void {
  for (const { name, ttl } of declared) {
    if (ttl === null) continue;
    throw new UserError({
      code: "bad-argument",
      message: `the broadcast state \`${name}\` has a time to live, and subtasks would forget at different moments`,
      hint: "remove entries from the broadcast side instead",
    });
  }
}

export class BroadcastSide {
  readonly #operator: string;
  readonly #state: SingleState;
  readonly #declared: ReadonlyMap<string, BroadcastDescriptor<unknown, unknown>>;
  readonly #readers = new Map<string, ReadOnlyMapState<unknown, unknown>>();

  constructor(setup: OperatorSetup, declared: DeclaredBroadcasts) {
    this.#operator = setup.name;
    this.#state = new SingleState(setup);
    this.#declared = new Map(declared.map((descriptor) => [descriptor.name, descriptor]));
  }

  writer<K, V>(descriptor: BroadcastDescriptor<K, V>): MapState<K, V> {
    if (!this.#declared.has(descriptor.name)) throw this.#undeclared(descriptor.name);
    return this.#state.table.get(descriptor);
  }

  reader<K, V>(descriptor: BroadcastDescriptor<K, V>): ReadOnlyMapState<K, V> {
    const known = this.#readers.get(descriptor.name);
    if (known !== undefined) return known as ReadOnlyMapState<K, V>;
    const reader = readOnly(this.writer(descriptor));
    this.#readers.set(descriptor.name, reader as ReadOnlyMapState<unknown, unknown>);
    return reader;
  }

  get table(): StateTable {
    return this.#state.table;
  }

  snapshot(): OperatorSnapshot {
    return { broadcastState: this.#state.toJson() };
  }

  restore({ broadcastState = {} }: OperatorSnapshot): void {
    this.#state.restore(broadcastState);
  }

  #undeclared(name: string): UserError {
    const near = nearest(name, this.#declared.keys());
    return new UserError({
      code: "undeclared-state",
      message: `${this.#operator}: \`${name}\` is no broadcast state of it; declared: ${[...this.#declared.keys()].join(", ")}`,
      hint: near === null ? "give its descriptor to `broadcast(...)`" : `did you mean \`${near}\`?`,
    });
  }
}

/** An object without the writing methods, so that no cast reaches them. */
function readOnly<K, V>(state: MapState<K, V>): ReadOnlyMapState<K, V> {
  return {
    get: (key) => state.get(key),
    has: (key) => state.has(key),
    entries: () => state.entries(),
    keys: () => state.keys(),
    values: () => state.values(),
    isEmpty: () => state.isEmpty(),
  };
}
