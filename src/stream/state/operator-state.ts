/**
 * State of an operator without keys: what each subtask has for itself, lists that are shared out evenly when the number of
 * subtasks changes, lists that each subtask sees whole after a restore, and maps that all have alike (S11.31). Mutable.
 */

import { UserError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/event.ts";
import { checkBroadcasts } from "./broadcast-state.ts";
import type { OperatorStateStore } from "../functions/functions.ts";
import type { OperatorSetup } from "../operators/operator.ts";
import type { BroadcastDescriptor } from "../functions/process-function.ts";
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
    return this.table.get(this.#shared(descriptor, { from: "list", as: "split list" }));
  }

  unionListState<T>(descriptor: StateDescriptor<ListState<T>>): ListState<T> {
    return this.table.get(this.#shared(descriptor, { from: "list", as: "union list" }));
  }

  broadcastState<K, V>(descriptor: BroadcastDescriptor<K, V>): MapState<K, V> {
    checkBroadcasts([descriptor]);
    return this.table.get(this.#shared(descriptor, { from: "map", as: "broadcast map" }));
  }

  toJson(): JsonObject {
    return this.#state.toJson();
  }

  restore(state: JsonObject): void {
    this.#state.restore(state);
  }

  /** Under its own word it is in snapshots, and is told from others of its name. */
  #shared<S>(
    descriptor: StateDescriptor<S>,
    { from, as }: { readonly from: StateWord; readonly as: StateWord },
  ): StateDescriptor<S> {
    const { name, kind } = descriptor;
    if (kind.word === from) return { ...descriptor, kind: { ...kind, word: as } };
    throw new UserError({
      code: "bad-argument",
      message: `${this.#operator}: the ${kind.word} state \`${name}\` was asked for as a ${as}; expected a ${from} state`,
      hint: `declare it by \`${from}State\``,
    });
  }
}
