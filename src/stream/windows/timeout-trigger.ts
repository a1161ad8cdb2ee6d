/** The timeout trigger: fires as another does, and when that has not for so long by processing time (S11.39). */

import { durationText } from "../../core/duration.ts";
import { checkDuration } from "../checks.ts";
import { reducingState, valueState } from "../state/state-descriptor.ts";
import type { Trigger, TriggerContext, TriggerResult } from "./trigger.ts";

export interface TimeoutOptions {
  /** Milliseconds of processing time. */
  readonly after: number;
  /** From which record on: the first since the window fired, or the last. Default: `first`. */
  readonly since?: "first" | "last";
}

/**
 * Whatever makes the window fire, both begin anew: what the other remembers is forgotten, so that a count begins at 0.
 * UserError `bad-argument`.
 */
export function timeoutTrigger<T>(trigger: Trigger<T>, { after, since = "first" }: TimeoutOptions): Trigger<T> {
  checkDuration({ what: "the time of a timeout trigger", value: after });
  const due = reducingState<number>({ name: "timeout", reduce: since === "first" ? Math.min : Math.max });
  /** The timer that is set; a later timeout does not move it, since another trigger may need it, too. */
  const timer = valueState<number>({ name: "timeout timer" });

  const waitUntil = (at: number, context: TriggerContext): void => {
    context.state(timer).update(at);
    context.registerProcessingTimeTimer(at);
  };

  const afterwards = (result: TriggerResult, context: TriggerContext): TriggerResult => {
    if (result === "FIRE" || result === "FIRE_AND_PURGE") context.clearState();
    return result;
  };

  const onTimeout = (at: number, context: TriggerContext): "CONTINUE" | "FIRE" => {
    if (context.state(timer).value() !== at) return "CONTINUE";
    const deadline = context.state(due).get()!;
    if (deadline <= at) return "FIRE";
    waitUntil(deadline, context);
    return "CONTINUE";
  };

  return {
    name: `${trigger.name}, or after ${durationText(after)} of processing time`,
    onElement(element, context) {
      const result = afterwards(trigger.onElement(element, context), context);
      if (result === "FIRE" || result === "FIRE_AND_PURGE") return result;
      context.state(due).add(context.processingTime + after);
      if (context.state(timer).value() === undefined) waitUntil(context.processingTime + after, context);
      return result;
    },
    onEventTime: (time, context) => afterwards(trigger.onEventTime(time, context), context),
    onProcessingTime(time, context) {
      const result = trigger.onProcessingTime(time, context);
      const own = onTimeout(time, context);
      if (own === "CONTINUE") return afterwards(result, context);
      return afterwards(result === "PURGE" || result === "FIRE_AND_PURGE" ? "FIRE_AND_PURGE" : "FIRE", context);
    },
    ...(trigger.onMerge === undefined
      ? {}
      : {
          onMerge(context) {
            trigger.onMerge!(context);
            context.mergeState(due);
            const deadline = context.state(due).get();
            if (deadline !== undefined) waitUntil(deadline, context);
          },
        }),
    ...(trigger.clear === undefined ? {} : { clear: (context) => trigger.clear!(context) }),
  };
}
