/** State with one scope only, always at hand: an operator's, or a broadcast side's. Mutable. */

import type { JsonObject } from "../../core/event.ts";
import type { OperatorSetup } from "../operators/operator.ts";
import { emptyScope, isScopeEmpty, StateTable, type StateScope } from "./state-table.ts";

export class SingleState {
  readonly table: StateTable;
  readonly #scope: StateScope = emptyScope();

  constructor({ name, clock }: OperatorSetup) {
    this.table = new StateTable({ operator: name, scopeName: "operator", clock, scopes: () => [this.#scope] });
    this.table.current = this.#scope;
  }

  get isEmpty(): boolean {
    return isScopeEmpty(this.#scope);
  }

  toJson(): JsonObject {
    return this.table.toJson(this.#scope);
  }

  restore(state: JsonObject): void {
    if (Object.keys(state).length > 0) this.#scope.unclaimed = state;
  }
}
