/** What operators without keys share: a function to open and close, which may put what it has into state before each snapshot. */

import type { UnkeyedFunction } from "../functions/functions.ts";
import { Operator, type OperatorSetup } from "./operator.ts";
import { OperatorState } from "../state/operator-state.ts";
import { UnkeyedRuntime } from "../functions/runtime-context.ts";
import type { OperatorSnapshot } from "../task/snapshot.ts";
import type { StateTable } from "../state/state-table.ts";

export abstract class UnkeyedOperator<In, Out> extends Operator<In, Out> {
  readonly #function: UnkeyedFunction;
  readonly #state: OperatorState;
  readonly #runtime: UnkeyedRuntime;

  constructor(setup: OperatorSetup, userFunction: UnkeyedFunction) {
    super(setup);
    this.#function = userFunction;
    this.#state = new OperatorState(setup);
    this.#runtime = new UnkeyedRuntime(setup, this.#state);
  }

  override open(): void {
    this.#function.initializeState?.(this.#runtime);
    this.#function.open?.(this.#runtime);
  }

  override close(): void {
    this.#function.close?.();
  }

  override stateTables(): Readonly<Record<string, StateTable>> {
    return { operator: this.#state.table };
  }

  override snapshot(): OperatorSnapshot | null {
    this.#function.snapshotState?.(this.#runtime);
    const operatorState = this.#state.toJson();
    if (Object.keys(operatorState).length > 0) return { operatorState };
    // Whoever asks whether it goes on from a snapshot does so from this one, too.
    return this.#function.initializeState === undefined ? null : {};
  }

  override restore({ operatorState = {} }: OperatorSnapshot): void {
    this.#runtime.isRestored = true;
    this.#state.restore(operatorState);
  }
}
