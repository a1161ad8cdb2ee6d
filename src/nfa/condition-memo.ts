/**
 * Evaluates guards, each condition at most once: per event where it reads the event alone, per partial match where it reads
 * what was matched before. Edges use the same condition plain (TAKE) and negated (IGNORE), so this halves the work.
 */

import type { EvalContext } from "../expr/types.ts";
import type { Condition, Guard } from "./nfa.ts";

export class ConditionMemo {
  readonly #conditions: readonly Condition[];
  readonly #context: EvalContext;
  readonly #values: boolean[];
  /** The event or partial match that a value was worked out for; a running number. */
  readonly #stamps: number[];
  #stamp = 0;
  #eventStamp = 0;
  #partialStamp = 0;

  constructor(conditions: readonly Condition[], context: EvalContext) {
    this.#conditions = conditions;
    this.#context = context;
    this.#values = conditions.map(() => false);
    this.#stamps = conditions.map(() => 0);
  }

  nextEvent(): void {
    this.#eventStamp = ++this.#stamp;
  }

  nextPartialMatch(): void {
    this.#partialStamp = ++this.#stamp;
  }

  holds(guard: Guard): boolean {
    for (const literal of guard) {
      if (this.#value(literal.condition) === literal.negated) return false;
    }
    return true;
  }

  #value(index: number): boolean {
    const condition = this.#conditions[index]!;
    const stamp = condition.iterative ? this.#partialStamp : this.#eventStamp;
    if (this.#stamps[index] !== stamp) {
      this.#stamps[index] = stamp;
      this.#values[index] = condition.test(this.#context);
    }
    return this.#values[index]!;
  }
}
