/**
 * The gate of a rule: which events are its business, and under which key. What is late for a rule that looks for a pattern leaves
 * by the side; a window decides for itself (S10.14). While the rule is paused, nothing passes and its time stands still. Mutable.
 */

import type { Event } from "../../core/event.ts";
import { BEGINNING_OF_TIME, END_OF_TIME, timeFromSnapshot, timeToSnapshot } from "../../core/time.ts";
import { Operator, type OperatorSetup } from "../../stream/operators/operator.ts";
import type { TimeProgress } from "../../stream/task/outlet.ts";
import { outputTag } from "../../stream/graph/side-output.ts";
import type { OperatorSnapshot } from "../../stream/task/snapshot.ts";
import { keyOf } from "./key.ts";
import type { RuleRuntime } from "./rule-runtime.ts";
import { NONE } from "../shards/shard.ts";

/** Events that a rule could not take any more. */
export const LATE = outputTag<Event>("late");

/** Whether something behind the gate waits for time to come so far. */
export type IsTimeDue = (watermark: number) => boolean;

export class RuleGate extends Operator<Event, Event> {
  readonly #runtime: RuleRuntime;
  readonly #isTimeDue: IsTimeDue;
  /** How far time has come before the gate, and behind it. */
  #watermark = BEGINNING_OF_TIME;
  #passed = BEGINNING_OF_TIME;

  constructor(
    setup: OperatorSetup,
    { runtime, isTimeDue }: { readonly runtime: RuleRuntime; readonly isTimeDue: IsTimeDue },
  ) {
    super(setup);
    this.#runtime = runtime;
    this.#isTimeDue = isTimeDue;
  }

  /** Time comes behind the gate as far as it has come before it, and stands still there. */
  pause(): void {
    this.#pass();
    this.#runtime.isPaused = true;
  }

  /** What became due meanwhile is dropped. */
  resume(): void {
    this.#runtime.isPaused = false;
    this.#runtime.isCatchingUp = true;
    this.#pass();
    this.#runtime.isCatchingUp = false;
  }

  override record(event: Event, timestamp: number): void {
    if (this.#runtime.isPaused) return;
    const { context, counters, rule, isDraining, shard } = this.#runtime;
    if (rule.kind === "pattern") {
      if (timestamp <= this.#watermark) {
        if (shard.isFirst) counters.late++;
        this.setup.sideOutput(LATE.name).record(event, timestamp);
        return;
      }
    } else if (isDraining) return; // open windows close with what they have
    if (shard === NONE) return;
    const { faults } = context;
    context.event = event;
    context.matched = null;
    context.window = null;
    context.now = timestamp;
    const passes = rule.where === null || rule.where(context);
    const key = passes ? keyOf(rule.keys, context) : undefined;
    if (key === undefined ? !shard.isFirst : !shard.owns(key)) {
      context.faults = faults; // told by the shard whose business it is
      return;
    }
    if (!passes) return;
    counters.events++;
    if (key === undefined) {
      counters.unkeyed++;
      return;
    }
    this.#runtime.key = key;
    this.#runtime.isTakingEvent = true;
    this.next.record(event, timestamp);
    this.#runtime.isTakingEvent = false;
  }

  override watermark(watermark: number): void {
    this.#watermark = watermark;
    if (!this.#runtime.isPaused && this.#isAwaited(watermark)) this.#pass();
  }

  /** Lets time on that nothing has waited for: a snapshot says how far it has come. */
  passTime(): void {
    if (!this.#runtime.isPaused) this.#pass();
  }

  override timeAfter({ idle }: TimeProgress): TimeProgress {
    return { watermark: this.#passed, idle };
  }

  override snapshot(): OperatorSnapshot {
    return { watermark: timeToSnapshot(this.#watermark), passed: timeToSnapshot(this.#passed) };
  }

  override restore({ watermark, passed }: OperatorSnapshot): void {
    if (watermark !== undefined) this.#watermark = timeFromSnapshot(watermark);
    if (passed !== undefined) this.#passed = timeFromSnapshot(passed);
  }

  /** Time goes on with each event of the streams, and most rules wait neither for it nor for the event. */
  #isAwaited(watermark: number): boolean {
    return this.#passed === BEGINNING_OF_TIME || watermark === END_OF_TIME || this.#isTimeDue(watermark);
  }

  #pass(): void {
    if (this.#watermark === this.#passed) return;
    this.#passed = this.#watermark;
    this.next.watermark(this.#passed);
  }
}
