/** Triggers that fire every so often while a window is open, aligned to the epoch, and at its end (S11.13). */

import { durationText } from "../../core/duration.ts";
import { checkDuration } from "../checks.ts";
import { reducingState } from "../state/state-descriptor.ts";
import type { TimeDomain } from "../time/timer-queue.ts";
import type { Trigger, TriggerContext, TriggerResult } from "./trigger.ts";
import { closingTime, sincePeriodStart } from "./window.ts";

/** UserError `bad-argument`. */
export function continuousEventTimeTrigger(every: number): Trigger<unknown> {
  return continuousTrigger("event", every);
}

/** Windows of event time have no last firing by it: their end is no moment of processing time. UserError `bad-argument`. */
export function continuousProcessingTimeTrigger(every: number): Trigger<unknown> {
  return continuousTrigger("processing", every);
}

/** When the window fires next. */
const next = reducingState<number>({ name: "next firing", reduce: Math.min });

function continuousTrigger(domain: TimeDomain, every: number): Trigger<unknown> {
  checkDuration({ what: "the interval of a continuous trigger", value: every });

  /** The window's end, where it is a moment of this time. */
  const endOf = ({ window, windowTime }: TriggerContext): number =>
    windowTime === domain ? closingTime(window, domain) : Infinity;

  const setTimer = (at: number, context: TriggerContext): void => {
    if (at === Infinity) return;
    if (domain === "event") context.registerEventTimeTimer(at);
    else context.registerProcessingTimeTimer(at);
  };

  const setNext = (at: number, context: TriggerContext): void => {
    const state = context.state(next);
    state.clear();
    state.add(at);
    setTimer(Math.min(at, endOf(context)), context);
  };

  const onTime = (time: number, context: TriggerContext): TriggerResult => {
    const end = endOf(context);
    if (time === end) return "FIRE";
    // A window that is over and stays for late records has a timer too, when it goes.
    if (time > end || time !== context.state(next).get()) return "CONTINUE";
    // A window without an end would fire for ever, and as often as time jumps far: it waits for another record.
    if (end === Infinity && domain === "event") context.state(next).clear();
    else setNext(time + every, context);
    return "FIRE";
  };

  return {
    name: `every ${durationText(every)}${domain === "event" ? "" : " of processing time"}`,
    onElement({ timestamp }, context) {
      const end = endOf(context);
      if (domain === "event" && end <= context.watermark) return "FIRE";
      setTimer(end, context);
      if (context.state(next).get() === undefined) {
        const at = domain === "event" ? timestamp : context.processingTime;
        setNext(at - sincePeriodStart(at, { period: every, offset: 0 }) + every, context);
      }
      return "CONTINUE";
    },
    onEventTime: (time, context) => (domain === "event" ? onTime(time, context) : "CONTINUE"),
    onProcessingTime: (time, context) => (domain === "processing" ? onTime(time, context) : "CONTINUE"),
    onMerge(context) {
      context.mergeState(next);
      const end = endOf(context);
      if (domain === "event" && end <= context.watermark) return; // from now on each record fires it
      setTimer(end, context);
      const at = context.state(next).get();
      if (at !== undefined) setTimer(Math.min(at, end), context);
    },
  };
}
