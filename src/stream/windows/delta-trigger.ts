/** The delta trigger: fires when a record is far enough from the one at which it last fired (S11.27). */

import { checkThreshold } from "../checks.ts";
import type { Codec } from "../state/codec.ts";
import { valueState } from "../state/state-descriptor.ts";
import type { Trigger } from "./trigger.ts";

export interface DeltaTriggerOptions<T> {
  readonly threshold: number;
  /** How far the record at hand is from the one that fired last, or from the first. */
  readonly delta: (last: T, current: T) => number;
  /** For records that are no JSON. */
  readonly codec?: Codec<T>;
}

/** For windows that do not merge: of two that become one, no record would be the last. UserError `bad-argument`. */
export function deltaTrigger<T>({ threshold, delta, codec }: DeltaTriggerOptions<T>): Trigger<T> {
  checkThreshold({ what: "the threshold of a delta trigger", value: threshold });
  const last = valueState<T>({ name: "last", ...(codec === undefined ? {} : { codec }) });
  return {
    name: `delta over ${threshold}`,
    onElement({ value }, context) {
      const state = context.state(last);
      const before = state.value();
      if (before !== undefined && delta(before, value) <= threshold) return "CONTINUE";
      state.update(value);
      return before === undefined ? "CONTINUE" : "FIRE";
    },
    onEventTime: () => "CONTINUE",
    onProcessingTime: () => "CONTINUE",
  };
}
