/**
 * One event against the partial matches of the same events: which edges can be followed, and what comes of it. Mutable
 * scratch for speed, reused for every event; `settle` hands over what a group of partial matches came to and clears it.
 */

import type { Event } from "../core/event.ts";
import type { EvalContext } from "../expr/types.ts";
import { ConditionMemo } from "./condition-memo.ts";
import { gapAfter, type Edge, type Guard, type Nfa } from "./nfa.ts";
import { MatchNode, PartialMatch } from "./partial-match.ts";
import { Scratch } from "./scratch.ts";

export class Exploration {
  readonly #nfa: Nfa;
  readonly #context: EvalContext;
  readonly #memo: ConditionMemo;
  readonly #startGuards: readonly Guard[] | null;
  #event!: Event;

  /** States to try, reached by PROCEED; `#seenIn` marks those tried in the walk at hand: many ways lead to one state. */
  readonly #stack = new Scratch<number>();
  readonly #seenIn: number[];
  readonly #completedIn: number[];
  #walk = 0;
  /** The walk that partial matches of the same events share, since they come to the same in the same state; 0 before it. */
  #sharedWalk = 0;

  /** Successors that took nothing, all of the same events. */
  readonly #kept = new Scratch<PartialMatch>();
  /** Successors that took the event, and the nodes they share: one for each stage that took it. */
  readonly #taken = new Scratch<PartialMatch>();
  readonly #nodes = new Scratch<MatchNode>();
  readonly #nodeOf: (MatchNode | undefined)[];
  readonly #completed = new Scratch<MatchNode>();

  constructor(nfa: Nfa, context: EvalContext) {
    this.#nfa = nfa;
    this.#context = context;
    this.#memo = new ConditionMemo(nfa.conditions, context);
    this.#startGuards = startGuards(nfa);
    this.#seenIn = nfa.states.map(() => 0);
    this.#completedIn = nfa.states.map(() => 0);
    this.#nodeOf = nfa.stages.map(() => undefined);
  }

  begin(event: Event): void {
    this.#event = event;
    this.#memo.nextEvent();
  }

  explore(partial: PartialMatch): void {
    this.#run(partial.state, partial, partial.matched);
  }

  /** Whether the event may start a match: most start none, and need not be explored. */
  mayStart(): boolean {
    if (this.#startGuards === null) return true;
    for (const guard of this.#startGuards) if (this.#memo.holds(guard)) return true;
    return false;
  }

  /** A new start: nothing has been taken yet, so nothing can be ignored. */
  exploreStart(): void {
    this.#run(this.#nfa.start, null, null);
  }

  /** Appends the successors (same events side by side) and the completed matches, each once. */
  settle(next: Scratch<PartialMatch>, completed: Scratch<MatchNode>): void {
    this.#sharedWalk = 0;
    for (let i = 0; i < this.#kept.size; i++) next.push(this.#kept.at(i));
    this.#kept.clear();
    if (this.#nodes.size === 0 && this.#completed.size === 0) return;
    if (this.#nodes.size > 1) this.#taken.sort((a, b) => a.matched.stage - b.matched.stage);
    for (let i = 0; i < this.#taken.size; i++) next.push(this.#taken.at(i));
    for (let i = 0; i < this.#completed.size; i++) completed.push(this.#completed.at(i));
    for (let i = 0; i < this.#nodes.size; i++) this.#nodeOf[this.#nodes.at(i).stage] = undefined;
    this.#nodes.clear();
    this.#taken.clear();
    this.#completed.clear();
  }

  #run(from: number, partial: PartialMatch | null, matched: MatchNode | null): void {
    this.#context.matched = matched;
    this.#memo.nextPartialMatch();
    const walk = this.#walkFrom(from);
    const keptBefore = this.#kept.size;
    const takenBefore = this.#taken.size;
    let stopped = false;
    this.#stack.push(from);
    while (this.#stack.size > 0) {
      const state = this.#stack.pop();
      if (this.#seenIn[state] === walk) continue;
      this.#seenIn[state] = walk;
      const { stage, edges } = this.#nfa.states[state]!;
      for (const edge of edges) {
        switch (edge.action) {
          case "PROCEED":
            if (!isInForce(edge, matched) || !this.#memo.holds(edge.guard)) break;
            if (edge.forbids === null) this.#stack.push(edge.target);
            else stopped = true;
            break;
          case "IGNORE":
            if (matched !== null && this.#memo.holds(edge.guard)) this.#ignore(edge.target, partial, matched);
            break;
          case "TAKE":
            if (isInTime(edge, matched, this.#event) && this.#memo.holds(edge.guard))
              this.#take(edge.target, stage, matched);
            break;
        }
      }
    }
    // A forbidden event gives up this partial match, but not a match that the same event completed (S3.6).
    if (stopped) {
      this.#kept.truncate(keptBefore);
      this.#taken.truncate(takenBefore);
    }
  }

  /** A partial match that may be given up walks alone: what it comes to is then taken back. */
  #walkFrom(state: number): number {
    if (this.#nfa.states[state]!.mayStop) return ++this.#walk;
    if (this.#sharedWalk === 0) this.#sharedWalk = ++this.#walk;
    return this.#sharedWalk;
  }

  #ignore(target: number, partial: PartialMatch | null, matched: MatchNode): void {
    const { kind, gaps } = this.#nfa.states[target]!;
    if (kind === "final") {
      if (!this.#completed.includes(matched)) this.#completed.push(matched);
      return;
    }
    // Where nothing can be taken any more, nothing waits.
    if (gaps !== null && this.#event.time - matched.event.time >= gapAfter(gaps, matched.stage)) return;
    if (this.#kept.some((kept) => kept.state === target)) return;
    this.#kept.push(partial !== null && partial.state === target ? partial : new PartialMatch(target, matched));
  }

  #take(target: number, stage: number, matched: MatchNode | null): void {
    // Branches that took the same share its node, so that equal events are one object.
    const known = this.#nodeOf[stage];
    const node = known ?? this.#newNode(stage, matched);
    const { kind, mayComplete } = this.#nfa.states[target]!;
    if (kind === "final") {
      if (known === undefined || !this.#completed.includes(node)) this.#completed.push(node);
      return;
    }
    if (known === undefined) this.#taken.push(new PartialMatch(target, node));
    else this.#move(target, node);
    if (!mayComplete || (known !== undefined && this.#completed.includes(node))) return;
    this.#walk++;
    this.#complete(target, node);
  }

  #newNode(stage: number, matched: MatchNode | null): MatchNode {
    const node = new MatchNode(stage, this.#event, matched);
    this.#nodes.push(node);
    this.#nodeOf[stage] = node;
    return node;
  }

  #move(target: number, node: MatchNode): void {
    if (this.#taken.some((taken) => taken.state === target && taken.matched === node)) return;
    this.#taken.push(new PartialMatch(target, node));
  }

  /** Where the rest of the pattern can be left out, the event completes the match at once, or starts its absence (S3.3, S4.10). */
  #complete(state: number, node: MatchNode): void {
    if (this.#completedIn[state] === this.#walk) return;
    this.#completedIn[state] = this.#walk;
    for (const { action, target, guard } of this.#nfa.states[state]!.edges) {
      if (action !== "PROCEED") continue;
      const { kind, mayComplete } = this.#nfa.states[target]!;
      if (kind === "stop" || !(kind !== "normal" || mayComplete) || !this.#memo.holds(guard)) continue;
      if (kind === "pending") this.#move(target, node);
      else if (kind === "normal") this.#complete(target, node);
      else if (!this.#completed.includes(node)) this.#completed.push(node);
    }
  }
}

/** Of the edges that take the first event; null where more than they and the event decide about a start. */
function startGuards({ states, start, conditions }: Nfa): readonly Guard[] | null {
  const { edges } = states[start]!;
  const guards = edges.filter(({ action }) => action === "TAKE").map(({ guard }) => guard);
  const isIterative = guards.some((guard) => guard.some(({ condition }) => conditions[condition]!.iterative));
  return isIterative || edges.some(({ action }) => action === "PROCEED") ? null : guards;
}

/** An edge that forbids nothing always is. */
function isInForce({ forbids }: Edge, matched: MatchNode | null): boolean {
  return forbids === null || forbids.after === null || (matched !== null && forbids.after[matched.stage]!);
}

function isInTime({ gaps }: Edge, matched: MatchNode | null, event: Event): boolean {
  return gaps === null || matched === null || event.time - matched.event.time < gapAfter(gaps, matched.stage);
}
