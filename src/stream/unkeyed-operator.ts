/** What operators without keys share: a function to open and close, and state of the operator. */

import type { RichFunction } from "./functions.ts";
import { Operator, type OperatorSetup } from "./operator.ts";
import { SingleState, UnkeyedRuntime } from "./runtime-context.ts";
import type { OperatorSnapshot } from "./snapshot.ts";
import type { StateTable } from "./state-table.ts";

export abstract class UnkeyedOperator<In, Out> extends Operator<In, Out> {
  readonly #function: RichFunction;
  readonly #state: SingleState;

  constructor(setup: OperatorSetup, userFunction: RichFunction) {
    super(setup);
    this.#function = userFunction;
    this.#state = new SingleState(setup);
  }

  override open(): void {
    this.#function.open?.(new UnkeyedRuntime(this.setup, this.#state));
  }

  override close(): void {
    this.#function.close?.();
  }

  override stateTables(): Readonly<Record<string, StateTable>> {
    return { operator: this.#state.table };
  }

  override snapshot(): OperatorSnapshot | null {
    const operatorState = this.#state.toJson();
    return Object.keys(operatorState).length === 0 ? null : { operatorState };
  }

  override restore({ operatorState = {} }: OperatorSnapshot): void {
    this.#state.restore(operatorState);
  }
}
