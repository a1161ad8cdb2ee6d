/**
 * The CEP operator: one rule version over one input, a matcher's state per key. Records come in the order of event time; it
 * filters, keys, advances the key's time to the record's, and steps the key's automaton. Mutable: it owns the keyed state.
 */

import type { Event, Json } from "../core/event.ts";
import type { EvalContext, NamedLists } from "../expr/types.ts";
import { limits } from "../core/limits.ts";
import { emptyHarvest } from "../nfa/harvest.ts";
import { Matcher } from "../nfa/matcher.ts";
import { EMPTY_KEY_STATE, isEmpty, type KeyState, type MatchNode } from "../nfa/partial-match.ts";
import type { MatchTableReader, MatchTableWriter } from "../nfa/snapshot.ts";
import { Timers, type TimerOwner } from "../stream/timers.ts";
import type { CompiledRule } from "./compiled-rule.ts";
import { newContext } from "./eval-context.ts";
import { keyFrom, keyOf, type Key, type KeyIdentity } from "./key.ts";
import type { RuleSnapshot } from "./snapshot.ts";
import { emptyRuleCounters, type RuleCounters } from "./rule-counters.ts";
import type { RuleCounts } from "./service-types.ts";

/** A match or a timed-out partial match, before it becomes an alert. */
export interface Finding {
  readonly kind: "match" | "timeout";
  /** Where it was found. */
  readonly operator: CepOperator;
  readonly key: Json;
  readonly matched: MatchNode;
  /** Event time of the alert: of the completing event, or the deadline. */
  readonly at: number;
  /** Event time at which it came out: a skip strategy may have held it since `at`. */
  readonly releasedAt: number;
}

/** One key with state. It stays until its timer is up, so that a busy key sets one timer per deadline and not one per match. */
interface KeyEntry extends TimerOwner {
  readonly key: Key;
  state: KeyState;
}

export class CepOperator {
  readonly rule: CompiledRule;
  readonly counters: RuleCounters;
  readonly #context: EvalContext;
  readonly #matcher: Matcher;
  readonly #entries = new Map<KeyIdentity, KeyEntry>();
  readonly #timers = new Timers<KeyEntry>();
  readonly #harvest = emptyHarvest();
  #partialMatches = 0;
  #keysWithState = 0;

  constructor(rule: CompiledRule, lists: NamedLists) {
    this.rule = rule;
    this.counters = emptyRuleCounters();
    this.#context = newContext(lists);
    this.#matcher = new Matcher(rule.nfa, {
      context: this.#context,
      partialMatchesPerKeyMax: limits.partialMatchesPerKeyMax,
    });
  }

  /** What expressions read; `emit` is evaluated in it too, so that faults are counted in one place. */
  get context(): EvalContext {
    return this.#context;
  }

  counts(): RuleCounts {
    const { skipFailures, ...counters } = this.counters;
    return {
      ...counters,
      partialMatches: this.#partialMatches,
      keys: this.#keysWithState,
      faults: this.#context.faults + skipFailures,
    };
  }

  /** An event whose turn it is, in event time. */
  process(event: Event, findings: Finding[]): void {
    this.#context.event = event;
    this.#context.matched = null;
    this.#context.now = event.time;
    if (this.rule.where !== null && !this.rule.where(this.#context)) return;
    this.counters.events++;
    const key = keyOf(this.rule.keys, this.#context);
    if (key === null) {
      this.counters.unkeyed++;
      return;
    }
    const entry = this.#entries.get(key.identity);
    let state = entry === undefined ? EMPTY_KEY_STATE : this.#matcher.advance(entry.state, event.time, this.#harvest);
    state = this.#matcher.step(state, event, this.#harvest);
    this.#keep(entry, key, state);
    this.#collect(key, findings);
  }

  /** Event time has come to `watermark`: whatever waited for a time up to there is over. */
  advance(watermark: number, findings: Finding[]): void {
    for (let entry = this.#timers.nextDue(watermark); entry !== undefined; entry = this.#timers.nextDue(watermark)) {
      this.#keep(entry, entry.key, this.#matcher.advance(entry.state, watermark, this.#harvest));
      this.#collect(entry.key, findings);
    }
  }

  /** Takes over the keyed state of an earlier version that matches alike. */
  adopt(earlier: CepOperator): void {
    for (const { key, state } of earlier.#keyed()) this.#keep(undefined, key, state);
  }

  snapshot(table: MatchTableWriter): Pick<RuleSnapshot, "counters" | "faults" | "keys"> {
    const { nfa } = this.rule;
    return {
      counters: { ...this.counters },
      faults: this.#context.faults,
      keys: [...this.#keyed()].map(({ key, state }) => ({ key: key.value, state: table.write(state, nfa) })),
    };
  }

  restore({ counters, faults, keys }: RuleSnapshot, table: MatchTableReader): void {
    Object.assign(this.counters, counters);
    this.#context.faults = faults;
    for (const { key, state } of keys)
      this.#keep(undefined, keyFrom(key), this.#matcher.stateOf(table.read(state, this.rule.nfa)));
  }

  *#keyed(): Iterable<{ readonly key: Key; readonly state: KeyState }> {
    for (const { key, state } of this.#entries.values()) if (!isEmpty(state)) yield { key, state };
  }

  #keep(entry: KeyEntry | undefined, key: Key, state: KeyState): void {
    const before = entry?.state ?? EMPTY_KEY_STATE;
    if (state !== before) {
      this.#partialMatches += state.partials.length - before.partials.length;
      this.#keysWithState += Number(!isEmpty(state)) - Number(!isEmpty(before));
    }
    if (entry === undefined) {
      if (isEmpty(state)) return;
      const added: KeyEntry = { key, state, timerAt: Infinity };
      this.#entries.set(key.identity, added);
      this.#timers.set(added, state.deadline);
      return;
    }
    if (state !== entry.state) entry.state = state;
    this.#timers.set(entry, state.deadline);
    if (entry.timerAt === Infinity && isEmpty(state)) this.#entries.delete(key.identity);
  }

  #collect(key: Key, findings: Finding[]): void {
    const { matches, timedOut, failed } = this.#harvest;
    if (matches.length > 0) {
      for (const { match, time } of matches) {
        findings.push({
          kind: "match",
          operator: this,
          key: key.value,
          matched: match.matched,
          at: match.completed.time,
          releasedAt: time,
        });
      }
      this.counters.matches += matches.length;
      matches.length = 0;
    }
    if (timedOut.length > 0) {
      for (const { matched, deadline } of timedOut) {
        findings.push({ kind: "timeout", operator: this, key: key.value, matched, at: deadline, releasedAt: deadline });
      }
      this.counters.timeouts += timedOut.length;
      timedOut.length = 0;
    }
    if (failed.length > 0) {
      this.counters.skipFailures += failed.length;
      failed.length = 0;
    }
    if (this.#harvest.dropped > 0) {
      this.counters.dropped += this.#harvest.dropped;
      this.#harvest.dropped = 0;
    }
  }
}
