/**
 * How a checkpoint lays out what operators keep by key, and what of it is written whole. It is made before the barrier, by whoever
 * knows what the last checkpoint has; wherever keys are, they are captured by it. Plain data: it goes from thread to thread.
 */

import type { CaptureChoice } from "../../stream/task/task-snapshot.ts";

export interface CapturePlan {
  /** Of those whose keys are in a checkpoint already, and more. */
  readonly operators: readonly OperatorPlan[];
  /** Encoded without a break: a millisecond or two. */
  readonly keysAtOnce: number;
}

export interface OperatorPlan {
  readonly name: string;
  readonly layout: KeyLayout;
  /** Key groups that are written whole; of the others, what has changed. */
  readonly rewritten: "all" | readonly number[];
}

/** In one part, or in one for each key group. */
export type KeyLayout = "one" | "groups";

/** An operator that the plan does not know came after it was made: few keys have. */
export function layoutIn({ operators }: CapturePlan, operator: string): KeyLayout {
  return operators.find(({ name }) => name === operator)?.layout ?? "one";
}

export function captureChoice({ operators }: CapturePlan): CaptureChoice {
  const rewritten = new Map(operators.map((operator) => [operator.name, operator.rewritten]));
  return ({ name }) => {
    const wanted = rewritten.get(name) ?? "all";
    if (wanted === "all") return () => true;
    const groups = new Set(wanted);
    return (group) => groups.has(group);
  };
}
