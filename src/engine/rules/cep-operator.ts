/**
 * The CEP operator: a rule's automaton by key. Events come in the order of event time; it advances the key's time to the event's,
 * and steps the key's automaton. A key's state is one immutable value, replaced on write (D3). Mutable: it owns the keyed state.
 */

import { assert } from "../../core/assert.ts";
import type { Event, Json } from "../../core/event.ts";
import { keyGroup } from "../../core/key-group.ts";
import { emptyHarvest } from "../../nfa/harvest.ts";
import { Matcher, type Starts } from "../../nfa/matcher.ts";
import { EMPTY_KEY_STATE, isEmpty, type KeyState } from "../../nfa/partial-match.ts";
import { keyStateFromSnapshot, keyStateToSnapshot, type KeyStateSnapshot } from "../../nfa/snapshot.ts";
import { KeyedOperator } from "../../stream/operators/keyed-operator.ts";
import type { KeyScope } from "../../stream/state/key-scope.ts";
import type { OperatorSetup } from "../../stream/operators/operator.ts";
import type { KeySnapshot, OperatorSnapshot } from "../../stream/task/snapshot.ts";
import { GroupCaps } from "./caps.ts";
import type { CompiledPatternRule } from "./compiled-rule.ts";
import type { Finding, LimitScope } from "./finding.ts";
import type { RuleRuntime } from "./rule-runtime.ts";

/** Of the operator's own state: key groups whose cap has been told of. */
export const CAPPED_GROUPS = "cappedGroups";

type CepScope = KeyScope<KeyState>;

export class CepOperator extends KeyedOperator<Event, Finding, CepScope, KeyState> {
  readonly #runtime: RuleRuntime<CompiledPatternRule>;
  readonly #harvest = emptyHarvest();
  readonly #groupCaps: GroupCaps;
  #matcher: Matcher;
  #partialMatches = 0;

  constructor(setup: OperatorSetup, runtime: RuleRuntime<CompiledPatternRule>) {
    super(setup, () => runtime.key);
    this.#runtime = runtime;
    this.#groupCaps = new GroupCaps(runtime.caps);
    this.#matcher = this.#newMatcher();
  }

  get partialMatches(): number {
    return this.#partialMatches;
  }

  isTimeDue(watermark: number): boolean {
    return this.eventTimers.isDue(watermark);
  }

  /** The runtime's rule has been replaced by one that matches alike. */
  recompiled(): void {
    this.#matcher = this.#newMatcher();
  }

  /** Most events of most rules start nothing: a key is only made for those that do. */
  override record(event: Event): void {
    const { key } = this.#runtime;
    const scope = this.keys.find(key);
    const before = scope?.own ?? EMPTY_KEY_STATE;
    const advanced = before === EMPTY_KEY_STATE ? before : this.#matcher.advance(before, event.time, this.#harvest);
    const after = this.#matcher.step(advanced, event, this.#harvest, this.#starts(scope, key));
    if (after === EMPTY_KEY_STATE && this.#harvest.refused === 0) return;
    if (after !== before) this.#keep(scope, key, after);
    this.#collect(key);
    if (after.capped && !before.capped) this.#tellLimit("key", key, event);
    if (this.#harvest.refused > 0) this.#countRefusals(scope?.group ?? keyGroup(key), event);
  }

  protected override keyScopeOf(scope: CepScope): CepScope {
    return scope;
  }

  protected override unkeyedSnapshot(): OperatorSnapshot {
    return { ...super.unkeyedSnapshot(), operatorState: { [CAPPED_GROUPS]: this.#groupCaps.snapshot() } };
  }

  override restore(snapshot: OperatorSnapshot): void {
    super.restore(snapshot);
    this.#groupCaps.restore((snapshot.operatorState?.[CAPPED_GROUPS] ?? []) as readonly number[]);
  }

  protected override process(): void {
    assert(false, "`record` meets the records");
  }

  /** Whatever waited for a time up to here is over. */
  protected override onEventTime(scope: CepScope): void {
    const after = this.#matcher.advance(scope.own!, this.currentWatermark, this.#harvest);
    this.#keep(scope, scope.key, after);
    if (this.#runtime.isCatchingUp) this.#dropHarvest();
    else this.#collect(scope.key);
  }

  protected override onProcessingTime(): void {}

  /** Deadlines follow from the state: no timer is written. */
  protected override keyToSnapshot({ key, own: state }: CepScope): KeySnapshot {
    const own = keyStateToSnapshot(state ?? EMPTY_KEY_STATE, this.#matcher.nfa);
    return { key, state: {}, timers: { event: [], processing: [] }, own: own as unknown as Json };
  }

  protected override keyFromSnapshot(scope: CepScope, { own }: KeySnapshot): void {
    const snapshot = own as unknown as KeyStateSnapshot;
    const pending = keyStateFromSnapshot(snapshot, this.#matcher.nfa);
    this.#keep(scope, scope.key, this.#matcher.stateOf(pending, snapshot.capped));
  }

  #newMatcher(): Matcher {
    const { rule, context, caps } = this.#runtime;
    return new Matcher(rule.nfa, { context, partialMatchesPerKeyMax: caps.partialMatchesPerKeyMax });
  }

  /** A key group can only be full when there are as many partial matches as one may hold, which is hardly ever. */
  #starts(scope: CepScope | undefined, key: Json): Starts {
    if (this.#runtime.isDraining) return "none";
    const hasRoom =
      this.#partialMatches < this.#groupCaps.max || this.#groupCaps.hasRoom(scope?.group ?? keyGroup(key));
    return hasRoom ? "any" : "complete";
  }

  #keep(known: CepScope | undefined, key: Json, state: KeyState): void {
    if (known === undefined && isEmpty(state)) return;
    const scope = known ?? this.keys.enter(key);
    this.keys.changes.touch(scope);
    const added = state.partials.length - (scope.own?.partials.length ?? 0);
    this.#partialMatches += added;
    this.#groupCaps.add(scope.group, added);
    scope.own = isEmpty(state) ? null : state;
    if (state.deadline === Infinity) this.eventTimers.clear(scope);
    else this.eventTimers.setOnly(scope, state.deadline);
    this.keys.release(scope);
  }

  #countRefusals(group: number, event: Event): void {
    const { refused } = this.#harvest;
    this.#harvest.refused = 0;
    this.#runtime.counters.refused += refused;
    if (this.#groupCaps.tell(group)) this.#tellLimit("keyGroup", group, event);
  }

  #tellLimit(scope: LimitScope, key: Json, event: Event): void {
    this.next.record(
      { kind: "limit", runtime: this.#runtime, scope, key, event, at: event.time, releasedAt: event.time },
      event.time,
    );
  }

  #collect(key: Json): void {
    const { matches, timedOut, failed } = this.#harvest;
    const runtime = this.#runtime;
    const { counters } = runtime;
    for (const { match, time } of matches) {
      const at = match.completed.time;
      this.next.record({ kind: "match", runtime, key, matched: match.matched, at, releasedAt: time }, time);
    }
    for (const { matched, deadline } of timedOut) {
      this.next.record({ kind: "timeout", runtime, key, matched, at: deadline, releasedAt: deadline }, deadline);
    }
    counters.matches += matches.length;
    counters.timeouts += timedOut.length;
    counters.skipFailures += failed.length;
    counters.dropped += this.#harvest.dropped;
    this.#clearHarvest();
  }

  #dropHarvest(): void {
    const { matches, timedOut } = this.#harvest;
    this.#runtime.counters.droppedWhilePaused += matches.length + timedOut.length;
    this.#clearHarvest();
  }

  #clearHarvest(): void {
    const { matches, timedOut, failed } = this.#harvest;
    if (matches.length > 0) matches.length = 0;
    if (timedOut.length > 0) timedOut.length = 0;
    if (failed.length > 0) failed.length = 0;
    this.#harvest.dropped = 0;
  }
}
