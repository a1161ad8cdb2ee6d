/** A window rule as a graph: the windows of the stream library, fed by the rule's gate, folding the rule's aggregates. */

import type { Event, Json } from "../../core/event.ts";
import { unreachable } from "../../core/assert.ts";
import { limits } from "../../core/limits.ts";
import { timeFromSnapshot, timeToSnapshot, type TimeSnapshot } from "../../core/time.ts";
import type { Value } from "../../expr/types.ts";
import type { WindowAccumulator } from "../../expr/window-aggregates.ts";
import type { AssignerDefinition, TriggerDefinition, WindowDefinition } from "../../lang/definition.ts";
import { calendarDays } from "../../stream/windows/calendar-days.ts";
import { continuousEventTimeTrigger } from "../../stream/windows/continuous-trigger.ts";
import type { DataStream } from "../../stream/streams/data-stream.ts";
import { countEvictor, timeEvictor } from "../../stream/windows/evictor.ts";
import type { AggregateFunction } from "../../stream/functions/aggregate-function.ts";
import type { KeyedStream } from "../../stream/streams/keyed-stream.ts";
import { outputTag } from "../../stream/graph/side-output.ts";
import { mapState } from "../../stream/state/state-descriptor.ts";
import type { MapState } from "../../stream/state/state-kinds.ts";
import { countTrigger, eventTimeTrigger, purgingTrigger, type Trigger } from "../../stream/windows/trigger.ts";
import { slidingWindows } from "../../stream/windows/sliding-windows.ts";
import { globalWindows, sessionWindows, tumblingWindows } from "../../stream/windows/window-assigners.ts";
import type { ProcessWindowFunction, WindowContext } from "../../stream/windows/window-function.ts";
import { GLOBAL_WINDOW, maxTimestamp, type Window } from "../../stream/windows/window.ts";
import type { WindowedStream } from "../../stream/streams/windowed-stream.ts";
import { pointAt } from "./alert.ts";
import type { CompiledWindowRule } from "./compiled-rule.ts";
import type { WindowFinding } from "./finding.ts";
import type { RuleRuntime } from "./rule-runtime.ts";

/** An event as a window holds it: what the aggregates need of it. */
interface WindowedEvent {
  readonly event: Event;
  readonly values: readonly Value[];
}

/** What a window has come to so far, and the times of its first and last event. Mutable: each event is folded in place. */
export interface Contents {
  folds: WindowAccumulator;
  first: number;
  last: number;
}

interface Outcome extends Pick<WindowFinding, "first" | "last"> {
  readonly results: readonly Value[];
  /** How many aggregates have left values out. */
  readonly cut: number;
}

const TOO_LATE = outputTag<WindowedEvent>("late");

export interface WindowBranch {
  readonly findings: DataStream<WindowFinding>;
  /** Events whose windows are over. */
  readonly late: DataStream<Event>;
}

/** Behind the gate's stream; `name` names the operator that has the windows. */
export function windowBranch(
  passed: DataStream<Event>,
  { runtime, name }: { readonly runtime: RuleRuntime<CompiledWindowRule>; readonly name: string },
): WindowBranch {
  const keyed = passed
    .map((event): WindowedEvent => ({ event, values: runtime.rule.aggregates.read(runtime.context) }))
    .named(`${name}: values`)
    .keyBy(() => runtime.key);
  const findings = windowsOf(keyed, runtime.rule.definition.window)
    .sideOutputLateData(TOO_LATE)
    .aggregate(foldOf(runtime), () => new Firing(runtime))
    .named(name);
  const late = findings.sideOutput(TOO_LATE).map(({ event }) => {
    runtime.counters.late++;
    return event;
  });
  return { findings, late: late.named(`${name}: windows over`) };
}

type Keyed = KeyedStream<WindowedEvent, Json>;
type Windows = WindowedStream<WindowedEvent, Json>;

function windowsOf(keyed: Keyed, definition: WindowDefinition): Windows {
  const { assigner, trigger, purging, evict, allowedLatenessMs } = definition;
  const own = assigner.kind === "count" ? null : triggerOf(trigger);
  let windows = assigned(keyed, assigner);
  if (own !== null) windows = windows.trigger(purging ? purgingTrigger(own) : own);
  else if (purging && assigner.kind !== "count") windows = windows.trigger(purgingTrigger(eventTimeTrigger()));
  if (evict !== null)
    windows = windows.evictor(evict.kind === "count" ? countEvictor(evict.count) : timeEvictor(evict.ms));
  return allowedLatenessMs === 0 ? windows : windows.allowedLateness(allowedLatenessMs);
}

function assigned(keyed: Keyed, assigner: AssignerDefinition): Windows {
  switch (assigner.kind) {
    case "tumbling":
      return keyed.window(tumblingWindows({ size: assigner.sizeMs, offset: assigner.offsetMs }));
    case "calendarDays":
      return keyed.window(calendarDays({ zone: assigner.timeZone, days: assigner.days }));
    case "sliding":
      return keyed
        .window(slidingWindows({ size: assigner.sizeMs, every: assigner.everyMs, offset: assigner.offsetMs }))
        .maxOverlap(limits.overlappingWindowsMax);
    case "session":
      return keyed.window(sessionWindows({ gap: assigner.gapMs }));
    case "count":
      return keyed.countWindow(assigner.size, assigner.every ?? undefined);
    case "global":
      return keyed.window(globalWindows());
    default:
      return unreachable(assigner);
  }
}

/** Null for the window's own. */
function triggerOf(trigger: TriggerDefinition): Trigger<unknown> | null {
  switch (trigger.kind) {
    case "onClose":
      return null;
    case "everyTime":
      return continuousEventTimeTrigger(trigger.ms);
    case "everyCount":
      return countTrigger(trigger.count);
    case "onEvent":
      return countTrigger(1);
    default:
      return unreachable(trigger);
  }
}

/** The rule's aggregates, and the span of the events in them. A version that takes over has the same folds, and may read them otherwise. */
function foldOf(runtime: RuleRuntime<CompiledWindowRule>): AggregateFunction<WindowedEvent, Contents, Outcome> {
  const { aggregates, definition } = runtime.rule;
  // Panes would put a late event after those of its pane, and not last (S10.8): what cannot be merged is kept by window.
  const byWindow = definition.window.assigner.kind === "sliding" && aggregates.dependOnOrder;
  return {
    ...(byWindow ? {} : { merge: (a: Contents, b: Contents) => merged(runtime, a, b) }),
    createAccumulator: () => ({ folds: runtime.rule.aggregates.create(), first: Infinity, last: -Infinity }),
    add({ event, values }, contents) {
      contents.folds = runtime.rule.aggregates.add(contents.folds, values);
      contents.first = Math.min(contents.first, event.time);
      contents.last = Math.max(contents.last, event.time);
      return contents;
    },
    getResult({ folds, first, last }) {
      const { aggregates } = runtime.rule;
      return { results: aggregates.getResults(folds), cut: aggregates.cutCount(folds), first, last };
    },
    codec: {
      encode: ({ folds, first, last }) => [
        runtime.rule.aggregates.encode(folds),
        timeToSnapshot(first),
        timeToSnapshot(last),
      ],
      decode: (json) => contentsOf(runtime.rule, json),
    },
  };
}

function merged({ rule }: RuleRuntime<CompiledWindowRule>, a: Contents, b: Contents): Contents {
  a.folds = rule.aggregates.merge(a.folds, b.folds);
  a.first = Math.min(a.first, b.first);
  a.last = Math.max(a.last, b.last);
  return a;
}

/** What a window holds, out of a snapshot. */
export function contentsOf({ aggregates }: CompiledWindowRule, json: Json): Contents {
  const [folds, first, last] = json as readonly [Json, TimeSnapshot, TimeSnapshot];
  return { folds: aggregates.decode(folds), first: timeFromSnapshot(first), last: timeFromSnapshot(last) };
}

/** How often the key's windows have fired that may fire again; a window is named by its bounds. */
const firings = mapState<string, number>({ name: "firings" });

/** A firing becomes a finding (S10.15), if `having` holds for what the window has come to. */
class Firing implements ProcessWindowFunction<Json, Outcome, WindowFinding> {
  readonly #runtime: RuleRuntime<CompiledWindowRule>;
  readonly #firesOnce: boolean;
  readonly #merges: boolean;

  constructor(runtime: RuleRuntime<CompiledWindowRule>) {
    this.#runtime = runtime;
    const { assigner, trigger, allowedLatenessMs } = runtime.rule.definition.window;
    const closes = assigner.kind !== "count" && assigner.kind !== "global" && trigger.kind === "onClose";
    this.#firesOnce = closes && allowedLatenessMs === 0;
    this.#merges = assigner.kind === "session";
  }

  process([outcome]: readonly Outcome[], context: WindowContext<Json, WindowFinding>): void {
    if (outcome === undefined) return;
    const firing = this.#nextFiring(context);
    const finding = this.#finding(outcome, context, firing);
    const { rule, counters, context: read, isCatchingUp } = this.#runtime;
    read.faults += outcome.cut;
    if (rule.having !== null && !rule.having(pointAt(finding))) return;
    if (isCatchingUp) {
      counters.droppedWhilePaused++;
      return;
    }
    counters.matches++;
    context.collect(finding);
  }

  clear(context: WindowContext<Json, WindowFinding>): void {
    if (!this.#firesOnce) forgetInside(context.window, context.globalState(firings));
  }

  #nextFiring(context: WindowContext<Json, WindowFinding>): number {
    if (this.#firesOnce) return 1;
    const state = context.globalState(firings);
    const name = `${context.window.start}:${context.window.end}`;
    const firing = (state.get(name) ?? 0) + 1;
    // A session has become this one, and will not be again (S10.16); only the last of them is cleared.
    if (this.#merges && firing === 1) forgetInside(context.window, state);
    state.put(name, firing);
    return firing;
  }

  /** Whether the window fires at its end, or after it; a trigger may fire it before. */
  #isOver({ window, firedAt, watermark }: WindowContext<Json, WindowFinding>): boolean {
    return maxTimestamp(window) <= (this.#runtime.isTakingEvent ? watermark : firedAt);
  }

  #finding(
    { results, first, last }: Outcome,
    context: WindowContext<Json, WindowFinding>,
    firing: number,
  ): WindowFinding {
    const { key, firedAt } = context;
    const isEndless = context.window.end === GLOBAL_WINDOW.end;
    const start = isEndless ? null : context.window.start;
    const end = isEndless ? null : context.window.end;
    const window = { key, results, start, end };
    return {
      kind: "window",
      runtime: this.#runtime,
      key,
      window,
      firing,
      first,
      last,
      at: end !== null && this.#isOver(context) ? end : firedAt,
      releasedAt: firedAt,
    };
  }
}

/** Of the windows that the window is, or has taken in. */
function forgetInside({ start, end }: Window, state: MapState<string, number>): void {
  for (const name of state.keys()) {
    const [from, to] = name.split(":").map(Number) as [number, number];
    if (from >= start && to <= end) state.remove(name);
  }
}
