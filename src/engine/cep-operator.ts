/**
 * The CEP operator: one rule version over one input, a matcher's state per key. Records come in the order of event time; it
 * filters, keys, advances the key's time to the record's, and steps the key's automaton. Mutable: it owns the keyed state.
 */

import type { Event, Json } from "../core/event.ts";
import type { EvalContext, NamedLists } from "../expr/types.ts";
import { emptyHarvest } from "../nfa/harvest.ts";
import { Matcher } from "../nfa/matcher.ts";
import { EMPTY_KEY_STATE, isEmpty, type KeyState } from "../nfa/partial-match.ts";
import type { MatchTableReader, MatchTableWriter } from "../nfa/snapshot.ts";
import { Timers, type TimerOwner } from "../stream/timers.ts";
import { GroupCaps, type CapOptions } from "./caps.ts";
import type { CompiledPatternRule } from "./compiled-rule.ts";
import { newContext } from "./eval-context.ts";
import type { Finding, FindingSource, LimitFinding, LimitScope } from "./finding.ts";
import { keyGroup } from "../core/key-group.ts";
import { keyIdentity, keyOf, type KeyIdentity } from "./key.ts";
import type { RuleSnapshot } from "./snapshot.ts";
import { emptyRuleCounters, type RuleCounters } from "./rule-counters.ts";
import type { RuleCounts } from "./service-types.ts";

/** One key with state. It stays until its timer is up, so that a busy key sets one timer per deadline and not one per match. */
interface KeyEntry extends TimerOwner {
  readonly key: Json;
  readonly group: number;
  state: KeyState;
}

export class CepOperator implements FindingSource {
  readonly rule: CompiledPatternRule;
  readonly counters: RuleCounters;
  readonly caps: CapOptions;
  readonly #context: EvalContext;
  readonly #matcher: Matcher;
  readonly #entries = new Map<KeyIdentity, KeyEntry>();
  readonly #timers = new Timers<KeyEntry>();
  readonly #harvest = emptyHarvest();
  readonly #groupCaps: GroupCaps;
  #partialMatches = 0;
  #keysWithState = 0;

  constructor(rule: CompiledPatternRule, { lists, caps }: { readonly lists: NamedLists; readonly caps: CapOptions }) {
    this.rule = rule;
    this.caps = caps;
    this.#groupCaps = new GroupCaps(caps);
    this.counters = emptyRuleCounters();
    this.#context = newContext(lists);
    this.#matcher = new Matcher(rule.nfa, {
      context: this.#context,
      partialMatchesPerKeyMax: caps.partialMatchesPerKeyMax,
    });
  }

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
    if (key === undefined) {
      this.counters.unkeyed++;
      return;
    }
    const entry = this.#entries.get(keyIdentity(key));
    const before =
      entry === undefined ? EMPTY_KEY_STATE : this.#matcher.advance(entry.state, event.time, this.#harvest);
    const after = this.#matcher.step(before, event, this.#harvest, this.#mayStart(entry, key));
    this.#keep(entry, key, after);
    this.#collect(key, findings);
    if (after.capped && !before.capped) findings.push(this.#limit("key", key, event));
    if (this.#harvest.refused > 0) this.#countRefusals(keyGroup(key), event, findings);
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

  snapshot(table: MatchTableWriter): Pick<RuleSnapshot, "counters" | "faults" | "cappedGroups" | "keys"> {
    const { nfa } = this.rule;
    return {
      counters: { ...this.counters },
      faults: this.#context.faults,
      cappedGroups: this.#groupCaps.snapshot(),
      keys: [...this.#keyed()].map(({ key, state }) => ({ key, state: table.write(state, nfa) })),
    };
  }

  restore({ counters, faults, cappedGroups, keys }: RuleSnapshot, table: MatchTableReader): void {
    Object.assign(this.counters, counters);
    this.#context.faults = faults;
    this.#groupCaps.restore(cappedGroups);
    for (const { key, state } of keys) {
      const pending = table.read(state, this.rule.nfa);
      this.#keep(undefined, key, this.#matcher.stateOf(pending, state.capped === true));
    }
  }

  *#keyed(): Iterable<KeyEntry> {
    for (const entry of this.#entries.values()) if (!isEmpty(entry.state)) yield entry;
  }

  /** A key group can only be full when there are as many partial matches as one may hold, which is hardly ever. */
  #mayStart(entry: KeyEntry | undefined, key: Json): boolean {
    return this.#partialMatches < this.#groupCaps.max || this.#groupCaps.hasRoom(entry?.group ?? keyGroup(key));
  }

  #keep(entry: KeyEntry | undefined, key: Json, state: KeyState): void {
    if (entry === undefined) {
      if (isEmpty(state)) return;
      const added: KeyEntry = { key, group: keyGroup(key), state: EMPTY_KEY_STATE, timerAt: Infinity };
      this.#entries.set(keyIdentity(key), added);
      this.#keep(added, key, state);
      return;
    }
    const before = entry.state;
    if (state !== before) {
      entry.state = state;
      this.#partialMatches += state.partials.length - before.partials.length;
      this.#groupCaps.add(entry.group, state.partials.length - before.partials.length);
      this.#keysWithState += Number(!isEmpty(state)) - Number(!isEmpty(before));
    }
    this.#timers.set(entry, state.deadline);
    if (entry.timerAt === Infinity && isEmpty(state)) this.#entries.delete(keyIdentity(key));
  }

  #countRefusals(group: number, event: Event, findings: Finding[]): void {
    this.counters.refused += this.#harvest.refused;
    this.#harvest.refused = 0;
    if (this.#groupCaps.tell(group)) findings.push(this.#limit("keyGroup", group, event));
  }

  #limit(scope: LimitScope, key: Json, event: Event): LimitFinding {
    return { kind: "limit", operator: this, scope, key, event, at: event.time, releasedAt: event.time };
  }

  #collect(key: Json, findings: Finding[]): void {
    const { matches, timedOut, failed } = this.#harvest;
    if (matches.length > 0) {
      for (const { match, time } of matches) {
        findings.push({
          kind: "match",
          operator: this,
          key,
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
        findings.push({ kind: "timeout", operator: this, key, matched, at: deadline, releasedAt: deadline });
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
