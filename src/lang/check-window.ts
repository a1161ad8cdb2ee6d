/** What can be wrong with a `window`: its sizes, and clauses that mean nothing beside its kind. */

import { unreachable } from "../core/assert.ts";
import { DAY_MS, durationText } from "../core/duration.ts";
import { limits } from "../core/limits.ts";
import { isTimeZone } from "../core/time-zone.ts";
import type { Assigner, Count, Duration, Kept, Trigger, Window, WindowClause } from "./ast.ts";
import { clauseOf, repeatedClauses } from "./clauses.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { report } from "./report.ts";

const WORDS: Readonly<Record<WindowClause["kind"], string>> = {
  lateness: "allow lateness",
  trigger: "trigger",
  purging: "purging",
  evict: "evict",
  having: "having",
};

export function* checkWindow({ assigner, clauses }: Window): Iterable<Diagnostic> {
  yield* repeatedClauses(clauses, { words: WORDS });
  yield* checkAssigner(assigner);
  if (assigner.kind === "global" && clauseOf(clauses, "trigger") === undefined) {
    yield report(assigner.span, {
      code: "E146",
      message: "a global window never ends, so without a `trigger` it never fires",
      hint: "add one: `trigger every 10s`, `trigger every 100 events` or `trigger onEvent`",
    });
  }
  for (const clause of clauses) yield* checkClause(clause, assigner);
}

// ---- sizes ---------------------------------------------------------------------------------------------------------

function* checkAssigner(assigner: Assigner): Iterable<Diagnostic> {
  switch (assigner.kind) {
    case "tumbling":
      yield* positive(assigner.size, "a window of `0s` holds nothing");
      yield* checkOffset(assigner, assigner.size);
      return yield* checkZone(assigner);
    case "sliding":
      yield* positive(assigner.size, "a window of `0s` holds nothing");
      yield* positive(assigner.every, "windows that begin every `0s` are without number");
      yield* checkSlide(assigner);
      return yield* checkOffset(assigner, assigner.every);
    case "session":
      return yield* positive(assigner.gap, "after a gap of `0s` every session would be over at once");
    case "count":
      yield* fromOne(assigner.size, "a window of 0 events holds nothing");
      if (assigner.every !== null) yield* checkCountSlide(assigner.size, assigner.every);
      return;
    case "global":
      return;
    default:
      return unreachable(assigner);
  }
}

function* positive(duration: Duration, message: string): Iterable<Diagnostic> {
  if (duration.ms === 0) yield report(duration.span, { code: "E133", message, hint: "give a duration" });
}

function* fromOne({ value, span }: Count, message: string): Iterable<Diagnostic> {
  if (value === 0) yield report(span, { code: "E140", message, hint: "count from 1" });
}

type Tumbling = Extract<Assigner, { kind: "tumbling" }>;
type Sliding = Extract<Assigner, { kind: "sliding" }>;

function* checkOffset({ offset }: Tumbling | Sliding, period: Duration): Iterable<Diagnostic> {
  if (offset === null || period.ms === 0 || offset.ms < period.ms) return;
  const rest = offset.ms % period.ms;
  yield report(offset.span, {
    code: "E142",
    message: `windows begin every ${period.text}, so an offset of ${offset.text} is one of less than that`,
    hint: rest === 0 ? "take it away" : `write \`offset ${durationText(rest)}\``,
  });
}

function* checkZone({ size, offset, zone }: Tumbling): Iterable<Diagnostic> {
  if (zone === null) return;
  if (!isTimeZone(zone.value)) {
    yield report(zone.span, {
      code: "E144",
      message: `there is no time zone \`${zone.value}\``,
      hint: 'use a name of the IANA database, such as `"Europe/Paris"` or `"UTC"`',
    });
  }
  if (size.ms % DAY_MS !== 0) {
    yield report(size.span, {
      code: "E143",
      message: "a calendar has whole days, and this is none",
      hint: "write `1d` or `7d`, or take the time zone away",
    });
  }
  if (offset !== null) {
    yield report(offset.span, {
      code: "E145",
      message: "the days of a calendar begin at midnight, whatever the `offset`",
      hint: "take it away, or the time zone",
    });
  }
}

function* checkSlide({ size, every }: Sliding): Iterable<Diagnostic> {
  if (size.ms === 0 || every.ms === 0) return;
  if (every.ms > size.ms) {
    yield report(every.span, {
      code: "E141",
      message: `windows of ${size.text} that begin every ${every.text} leave events between them out`,
      hint: `make \`every\` at most ${size.text}, or write \`tumbling ${every.text}\``,
    });
  }
  yield* checkOverlap({ windows: Math.ceil(size.ms / every.ms), at: every });
}

function* checkCountSlide(size: Count, every: Count): Iterable<Diagnostic> {
  yield* fromOne(every, "a window that fires every 0 events never fires");
  if (size.value === 0 || every.value === 0) return;
  if (every.value > size.value) {
    yield report(every.span, {
      code: "E141",
      message: `windows of ${size.value} events that fire every ${every.value} leave events between them out`,
      hint: `make \`every\` at most ${size.value}, or write \`count ${every.value}\``,
    });
  }
  yield* checkOverlap({ windows: Math.ceil(size.value / every.value), at: every });
  yield* checkHeld(size, "make the window smaller, or leave `every` away: then it need not hold them");
}

function* checkHeld(events: Count, hint: string): Iterable<Diagnostic> {
  if (events.value <= limits.evictorEventsMax) return;
  yield report(events.span, {
    code: "E149",
    message: `a window would hold ${events.value} events, and it may hold ${limits.evictorEventsMax}`,
    hint,
  });
}

function* checkOverlap({ windows, at }: { windows: number; at: Duration | Count }): Iterable<Diagnostic> {
  if (windows <= limits.overlappingWindowsMax) return;
  yield report(at.span, {
    code: "E149",
    message: `each event would be in ${windows} windows, and there may be ${limits.overlappingWindowsMax}`,
    hint: "make `every` longer, or the window smaller",
  });
}

// ---- clauses -------------------------------------------------------------------------------------------------------

function* checkClause(clause: WindowClause, assigner: Assigner): Iterable<Diagnostic> {
  switch (clause.kind) {
    case "lateness":
      if (hasEnd(assigner)) return;
      return yield report(clause.span, {
        code: "E147",
        message: `${TITLES[assigner.kind]} does not end by time, so nothing is too late for it`,
        hint: "take `allow lateness` away",
      });
    case "trigger":
      return yield* checkTrigger(clause, assigner);
    case "purging":
    case "evict":
      if (assigner.kind === "count") yield countDecides(clause);
      else if (clause.kind === "evict") yield* checkEvict(clause.keep, assigner);
      return;
    case "having":
      return;
    default:
      return unreachable(clause);
  }
}

function countDecides({ kind, span }: WindowClause): Diagnostic {
  return report(span, {
    code: "E147",
    message: "what a count window holds follows from its count",
    hint: `take \`${kind}\` away, or write \`global\` with a \`trigger\``,
  });
}

const TITLES: Readonly<Record<Assigner["kind"], string>> = {
  tumbling: "a tumbling window",
  sliding: "a sliding window",
  session: "a session",
  count: "a count window",
  global: "a global window",
};

function hasEnd({ kind }: Assigner): boolean {
  return kind !== "count" && kind !== "global";
}

function* checkTrigger(
  { when, span }: { readonly when: Trigger; readonly span: WindowClause["span"] },
  assigner: Assigner,
): Iterable<Diagnostic> {
  if (when.kind === "everyTime") {
    yield* positive(when.interval, "every `0s` would be all the time");
    yield* checkFirings(when.interval, assigner);
  }
  if (when.kind === "everyCount") yield* fromOne(when.count, "every 0 events would be all the time");
  if (assigner.kind === "count") {
    yield report(span, {
      code: "E147",
      message: "a count window fires by its count",
      hint: "take it away, or write `global` with a `trigger` and `evict keep last ...`",
    });
  } else if (assigner.kind === "global" && when.kind === "onClose") {
    yield report(span, {
      code: "E146",
      message: "a global window never ends, so `trigger onClose` never fires",
      hint: "take another trigger: `every 10s`, `every 100 events` or `onEvent`",
    });
  }
}

/** Time may jump over all of a window, and then all of its firings come at once (S10.20). */
function* checkFirings(interval: Duration, assigner: Assigner): Iterable<Diagnostic> {
  const firings = Math.ceil(openMs(assigner) / interval.ms) * overlapOf(assigner);
  if (interval.ms === 0 || firings <= limits.firingsOfEventMax) return;
  yield report(interval.span, {
    code: "E149",
    message: `one event could make windows fire ${firings} times, and it may ${limits.firingsOfEventMax} times`,
    hint: "fire less often, or make the window smaller",
  });
}

/** For how long a window stays after an event, at most; a global one fires once, and waits for another. */
function openMs(assigner: Assigner): number {
  if (hasSize(assigner)) return assigner.size.ms;
  return assigner.kind === "session" ? assigner.gap.ms : 0;
}

function overlapOf(assigner: Assigner): number {
  return assigner.kind === "sliding" && assigner.every.ms > 0 ? Math.ceil(assigner.size.ms / assigner.every.ms) : 1;
}

function* checkEvict(keep: Kept, assigner: Assigner): Iterable<Diagnostic> {
  switch (keep.kind) {
    case "time":
      yield* positive(keep.duration, "`keep last 0s` keeps nothing");
      if (!hasSize(assigner) || keep.duration.ms === 0 || keep.duration.ms < assigner.size.ms) return;
      return yield report(keep.duration.span, {
        code: "W108",
        message: `\`evict\` keeps everything: the whole window has only ${assigner.size.text}`,
        hint: "keep less, or take it away",
      });
    case "count":
      yield* fromOne(keep.count, "`keep last 0 events` keeps nothing");
      return yield* checkHeld(keep.count, "keep fewer, or leave `evict` away: aggregates do not hold events");
    default:
      return unreachable(keep);
  }
}

function hasSize(assigner: Assigner): assigner is Tumbling | Sliding {
  return assigner.kind === "tumbling" || assigner.kind === "sliding";
}
