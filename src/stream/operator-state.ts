/**
 * State of an operator without keys: what each subtask has for itself, lists that are shared out evenly when the number of
 * subtasks changes, lists that each subtask sees whole after a restore, and maps that all have alike (S11.31). Mutable.
 */

import { UserError } from "../core/errors.ts";
import type { JsonObject } from "../core/event.ts";
import { checkBroadcasts } from "./broadcast-state.ts";
import type { OperatorStateStore } from "./functions.ts";
import type { OperatorSetup } from "./operator.ts";
import type { BroadcastDescriptor } from "./process-function.ts";
import { SingleState } from "./single-state.ts";
import type { StateDescriptor } from "./state-descriptor.ts";
import type { ListState, MapState, StateWord } from "./state-kinds.ts";
import type { StateTable } from "./state-table.ts";

export class OperatorState implements OperatorStateStore {
  readonly #operator: string;
  readonly #state: SingleState;

  constructor(setup: OperatorSetup) {
    this.#operator = setup.name;
    this.#state = new SingleState(setup);
  }

  get table(): StateTable {
    return this.#state.table;
  }

  operatorState<S>(descriptor: StateDescriptor<S>): S {
    return this.table.get(descriptor);
  }

  splitListState<T>(descriptor: StateDescriptor<ListState<T>>): ListState<T> {
    this.#check(descriptor, "list");
    return this.table.get(named(descriptor, "split list"));
  }

  unionListState<T>(descriptor: StateDescriptor<ListState<T>>): ListState<T> {
    this.#check(descriptor, "list");
    return this.table.get(named(descriptor, "union list"));
  }

  broadcastState<K, V>(descriptor: BroadcastDescriptor<K, V>): MapState<K, V> {
    this.#check(descriptor, "map");
    checkBroadcasts([descriptor]);
    return this.table.get(named(descriptor, "broadcast map"));
  }

  toJson(): JsonObject {
    return this.#state.toJson();
  }

  restore(state: JsonObject): void {
    this.#state.restore(state);
  }

  /** For programs that the compiler has not seen. */
  #check({ name, kind }: StateDescriptor<unknown>, word: StateWord): void {
    if (kind.word === word) return;
    throw new UserError({
      code: "bad-argument",
      message: `${this.#operator}: the ${kind.word} state \`${name}\` was asked for as one of lists or maps that subtasks share`,
      hint: `declare it by \`${word}State\``,
    });
  }
}

/** Under its word it is in snapshots, and is told from others of its name. */
function named<S>(descriptor: StateDescriptor<S>, word: StateWord): StateDescriptor<S> {
  return { ...descriptor, kind: { ...descriptor.kind, word } };
}
