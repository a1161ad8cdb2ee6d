/**
 * Compiles a pattern to its automaton, from the last stage to the first, as Flink's `NFACompiler` does; where Tripline
 * departs from Flink, the number of the paragraph in SEMANTICS.md stands beside it.
 */

import { assert } from "../core/assert.ts";
import { compileCondition } from "../expr/compile.ts";
import { stagesRead } from "../expr/references.ts";
import type { Scope } from "../expr/types.ts";
import type { Expr } from "../lang/ast.ts";
import { stageNames, type PatternDefinition, type StageDefinition } from "../lang/definition.ts";
import { both, NEVER, NfaBuilder } from "./builder.ts";
import { gapsOf } from "./draft-state.ts";
import type { Gaps, Guard, Nfa } from "./nfa.ts";
import {
  entryContiguity,
  innerContiguity,
  mayBeginPass,
  notsInForce,
  notsToWatch,
  stageAt,
  type GroupPass,
  type Place,
  type Watched,
} from "./place.ts";
import { releaseLagMs } from "./release-lag.ts";

export function compilePattern(pattern: PatternDefinition, scope: Scope): Nfa {
  const stages = stageNames(pattern.stages);
  const compiler = new PatternCompiler(stages, scope);
  const start = compiler.sequence(pattern.stages, null, compiler.builder.final, []);
  const { states, conditions } = compiler.builder.finish();
  const { skip } = pattern;
  const withinMs = pattern.withinMs ?? Infinity;
  return {
    states,
    conditions,
    start,
    stages,
    withinMs,
    skip,
    releaseLagMs: releaseLagMs({ states, withinMs, skip }),
    pattern,
  };
}

/** Where a stage's states lead, and what else may be done instead of the stage. */
interface Exits {
  /** After the last occurrence. */
  readonly sink: number;
  /** Where to go on at once when the stage (or the pass of its group) is left out. */
  readonly skipTo: readonly SkipTo[];
}

interface SkipTo {
  readonly target: number;
  readonly guard: Guard;
}

class PatternCompiler {
  readonly builder: NfaBuilder;
  readonly #stages: readonly string[];
  readonly #scope: Scope;
  readonly #indices: ReadonlyMap<string, number>;
  readonly #conditions = new Map<Expr, number>();
  readonly #stagesBefore = new Map<number, readonly boolean[]>();

  constructor(stages: readonly string[], scope: Scope) {
    this.builder = new NfaBuilder(stages.length);
    this.#stages = stages;
    this.#indices = new Map(stages.map((name, index) => [name, index]));
    this.#scope = scope;
  }

  /** A list of stages, last to first; gives the state that waits for the first of them. */
  sequence(
    stages: readonly StageDefinition[],
    group: GroupPass | null,
    sink: number,
    skipTo: readonly SkipTo[],
  ): number {
    let entry = sink;
    for (let index = stages.length - 1; index >= 0; index--) {
      const place: Place = { stages, index, group };
      const stage = stages[index]!;
      if (stage.contiguity === "notFollowedBy") {
        if (this.builder.isFinal(entry)) entry = this.#absence(place);
      } else if (stage.contiguity === "notNext") {
        entry = this.#notNext(place, entry);
      } else {
        entry = this.#stage(place, { sink: entry, skipTo: index === 0 ? skipTo : [] });
      }
    }
    return entry;
  }

  /** A trailing `notFollowedBy`: waits until its time has run out (S6.4). */
  #absence(place: Place): number {
    const stage = stageAt(place);
    const pending = this.builder.state("pending", stage.name!, this.#index(stage), stage.gapMs ?? Infinity);
    const forbidden = this.#where(stage);
    this.builder.forbid(pending, forbidden, { stage: this.#index(stage), after: null });
    this.builder.ignore(pending, pending, this.builder.not(forbidden));
    this.#watch(pending, notsInForce(place));
    return pending;
  }

  #notNext(place: Place, sink: number): number {
    const stage = stageAt(place);
    const state = this.builder.state("normal", stage.name!, this.#index(stage), stage.gapMs ?? Infinity);
    const forbidden = this.#where(stage);
    const allowed = this.builder.not(forbidden);
    if (this.builder.isFinal(sink)) this.builder.ignore(state, sink, allowed);
    else this.builder.proceed(state, sink, allowed);
    this.builder.forbid(state, forbidden, { stage: this.#index(stage), after: null });
    this.#watch(state, notsInForce(place));
    return state;
  }

  #stage(place: Place, exits: Exits): number {
    const { quantifier } = stageAt(place);
    if (quantifier.kind === "times") return this.#times(place, exits, exits.sink, quantifier);
    const loop = this.#loop(place, exits.sink);
    const leaving = loop.leaveTo;
    return this.#times(place, { ...exits, sink: loop.state }, leaving, { from: quantifier.from, to: quantifier.from });
  }

  /** `from` to `to` occurrences in a row; those above `from` may be left out. `past` is the state after the stage. */
  #times(
    place: Place,
    exits: Exits,
    past: number | readonly SkipTo[],
    { from, to }: { readonly from: number; readonly to: number },
  ): number {
    const stage = stageAt(place);
    if (stage.greedy && from !== to) this.builder.constrain(exits.sink, this.builder.not(this.#takeGuard(place)));
    const leave = typeof past === "number" ? [{ target: past, guard: [] }] : past;
    let next = exits.sink;
    for (let i = from; i < to; i++) next = this.#occurrence(place, { sink: next, skipTo: leave }, "later");
    for (let i = 1; i < from; i++) next = this.#occurrence(place, { sink: next, skipTo: [] }, "later");
    const skipTo = stage.optional ? [...leave, ...exits.skipTo] : exits.skipTo;
    return this.#occurrence(place, { sink: next, skipTo }, "first");
  }

  /** An open-ended loop: the state that takes one more, and where it may be left for. */
  #loop(place: Place, sink: number): { readonly state: number; readonly leaveTo: readonly SkipTo[] } {
    const stage = stageAt(place);
    const leaveTo = this.#leaveLoop(place, sink);
    if (stage.group !== null) {
      const again = this.builder.state("normal", "group", this.#index(firstOf(stage)));
      const head = this.#occurrence(place, { sink: again, skipTo: leaveTo }, "later");
      this.builder.proceed(again, head);
      return { state: again, leaveTo };
    }
    const loop = this.#waiting(place);
    const take = this.#occurrenceGuard(place);
    const gaps = this.#gaps(place, "later");
    for (const { target, guard } of leaveTo) this.builder.proceed(loop, target, guard);
    this.builder.take(loop, loop, take, gaps);
    this.#forbid(place, "later", loop);
    const ignore = this.#occurrenceIgnoreGuard(place, "later");
    if (ignore !== NEVER) {
      const waiting = this.#waiting(place);
      this.builder.take(waiting, loop, take, gaps);
      this.builder.ignore(waiting, waiting, ignore);
      this.builder.ignore(loop, waiting, ignore);
      this.#forbid(place, "later", waiting);
    }
    return { state: loop, leaveTo };
  }

  /**
   * Leaving a greedy loop is only for events that the loop itself does not want, unless its `until` has come: then the
   * follower is free, which takes a second copy of the follower's state (S3.4, S3.5).
   */
  #leaveLoop(place: Place, sink: number): readonly SkipTo[] {
    const stage = stageAt(place);
    if (!stage.greedy) return [{ target: sink, guard: [] }];
    const greedy = this.builder.not(this.#takeGuard(place));
    if (stage.until === null) {
      this.builder.constrain(sink, greedy);
      return [{ target: sink, guard: [] }];
    }
    const free = this.builder.copy(sink);
    this.builder.constrain(sink, greedy);
    const until = this.#until(stage);
    return [
      { target: free, guard: until },
      { target: sink, guard: this.#notUntil(stage) ?? [] },
    ];
  }

  /** One occurrence of a stage, or one pass through a group. */
  #occurrence(place: Place, { sink, skipTo }: Exits, which: "first" | "later"): number {
    const stage = stageAt(place);
    if (stage.group !== null) {
      return this.sequence(stage.group, { place, first: which === "first" }, sink, skipTo);
    }
    const state = this.#waiting(place);
    const take = this.#occurrenceGuard(place);
    const gaps = this.#gaps(place, which);
    this.builder.take(state, sink, take, gaps);
    for (const { target, guard } of skipTo) this.builder.proceed(state, target, guard);

    this.#forbid(place, which, state);

    const ignore = this.#occurrenceIgnoreGuard(place, which);
    if (ignore === NEVER) return state;
    if (skipTo.length === 0) {
      this.builder.ignore(state, state, ignore);
      return state;
    }
    // Ignoring leads to a copy that can no longer leave the stage out, so that a partial match goes past it only once (S4.9).
    const waiting = this.#waiting(place);
    this.builder.take(waiting, sink, take, gaps);
    this.builder.ignore(waiting, waiting, ignore);
    this.builder.ignore(state, waiting, ignore);
    this.#forbid(place, which, waiting);
    return state;
  }

  #waiting(place: Place): number {
    const stage = stageAt(place);
    return this.builder.state("normal", stage.name!, this.#index(stage));
  }

  /** The stage's own gap; and those of the groups around it, where its event may be the first of a pass (S4.7). */
  #gaps(place: Place, which: "first" | "later"): Gaps {
    const index = this.#index(firstOf(stageAt(place)));
    const gaps = this.#stages.map(() => stageAt(place).gapMs ?? Infinity);
    if (which === "later") return gapsOf(gaps);
    for (let around: Place | null = place; around !== null && mayBeginPass(around); around = around.group.place) {
      const group = stageAt(around.group.place);
      const begin = this.#index(firstOf(group));
      // An event of this pass before it stands between the pass's beginning and this stage.
      gaps.forEach((gap, last) => {
        if (last < begin || last >= index) gaps[last] = Math.min(gap, group.gapMs ?? Infinity);
      });
      if (!around.group.first) break; // an earlier pass has begun the group around it already
    }
    return gapsOf(gaps);
  }

  /** TAKE of a stage: its condition, and no `until` of a group around it. */
  #takeGuard(place: Place): Guard {
    return both(this.#where(stageAt(place)), this.#notGroupUntil(place)) ?? assertNever();
  }

  #occurrenceGuard(place: Place): Guard | typeof NEVER {
    return both(this.#takeGuard(place), this.#notUntil(stageAt(place)));
  }

  #occurrenceIgnoreGuard(place: Place, which: "first" | "later"): Guard | typeof NEVER {
    if (which === "first") return this.#ignoreGuard(place, entryContiguity(place));
    return both(this.#ignoreGuard(place, innerContiguity(place)), this.#notUntil(stageAt(place)));
  }

  #ignoreGuard(place: Place, contiguity: "strict" | "relaxed" | "any"): Guard | typeof NEVER {
    if (contiguity === "strict") return NEVER;
    const skip = contiguity === "any" ? [] : this.builder.not(this.#where(stageAt(place)));
    return both(skip, this.#notGroupUntil(place));
  }

  #notGroupUntil(place: Place): Guard {
    const around = place.group === null ? [] : this.#notGroupUntil(place.group.place);
    const own = place.group === null ? [] : this.#notUntil(stageAt(place.group.place));
    return both(around, own) ?? assertNever();
  }

  /** The state waits for an occurrence of the stage: what must not come meanwhile. */
  #forbid(place: Place, occurrence: "first" | "later", state: number): void {
    this.#watch(state, notsToWatch(place, occurrence), this.#index(firstOf(stageAt(place))));
  }

  #watch(state: number, nots: readonly Watched[], waitsFor = this.#stages.length): void {
    for (const { not, untilPassOf, since } of nots) {
      const stage = this.#index(not);
      let after = this.#before(stage);
      if (untilPassOf !== null) {
        const begin = this.#index(firstOf(untilPassOf));
        after = this.#stages.map((_, last) => last < begin || last >= waitsFor);
      } else if (since !== null) {
        const begin = this.#index(firstOf(since));
        after = this.#stages.map((_, last) => last >= begin && last < stage);
      }
      this.builder.forbid(state, this.#where(not), { stage, after });
    }
  }

  /** Which stages stand before this one; kept, since each of hundreds in a row may watch for each `not` before them. */
  #before(stage: number): readonly boolean[] {
    let before = this.#stagesBefore.get(stage);
    if (before === undefined) {
      this.#stagesBefore.set(stage, (before = this.#stages.map((_, other) => other < stage)));
    }
    return before;
  }

  #where(stage: StageDefinition): Guard {
    return stage.where === null ? [] : [this.#literal(stage.where, "where", stage)];
  }

  #until(stage: StageDefinition): Guard {
    return stage.until === null ? [] : [this.#literal(stage.until, "until", stage)];
  }

  #notUntil(stage: StageDefinition): Guard {
    return stage.until === null ? [] : (this.builder.not(this.#until(stage)) ?? assertNever());
  }

  #literal(expr: Expr, kind: "where" | "until", stage: StageDefinition): Guard[number] {
    let condition = this.#conditions.get(expr);
    if (condition === undefined) {
      condition = this.builder.condition({
        test: compileCondition(expr, this.#scope),
        iterative: stagesRead(expr, this.#scope).size > 0,
        source: { kind, stage: stage.name ?? "group", expr },
      });
      this.#conditions.set(expr, condition);
    }
    return { condition, negated: false };
  }

  #index(stage: StageDefinition): number {
    return this.#indices.get(stage.name!)!;
  }
}

/** The stage that a pass through the group begins with. */
function firstOf(stage: StageDefinition): StageDefinition {
  return stage.group === null ? stage : firstOf(stage.group[0]!);
}

function assertNever(): never {
  assert(false, "conditions of different expressions cannot contradict each other");
}
