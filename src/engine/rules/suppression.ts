/**
 * Suppression: which alerts are held back (S7.4). An alert is held while its last event is earlier than the last sent one's
 * last event + D; held alerts do not extend D, and the next one sent says how many were held. Engine state: mutable, and
 * kept per rule name, so that it survives an edit of the rule.
 */

/** What was sent last under one key (or one value of `by`). */
interface Sent {
  readonly alert: string;
  /** Alerts whose last event is earlier than this are held, epoch milliseconds. */
  readonly until: number;
}

/** Of one rule. */
interface Scopes {
  /** In the order of sending. */
  readonly sent: Map<string, Sent>;
  /** How many were held since; kept until the next one is sent, which says so. */
  readonly held: Map<string, number>;
}

export interface SuppressionRequest {
  readonly rule: string;
  /** Canonical text of the key, or of the value of `by`. */
  readonly scope: string;
  readonly alert: string;
  /** Event time of the alert's last event. */
  readonly lastEventTime: number;
  readonly forMs: number;
}

/** Sent, with how many were held before it; or held, by the alert sent last. */
export type Verdict =
  { readonly kind: "sent"; readonly suppressed: number } | { readonly kind: "held"; readonly by: string };

export class Suppression {
  readonly #rules = new Map<string, Scopes>();
  /** Null as long as nobody has asked: everything has changed then. */
  #changes: Changes | null = null;

  judge({ rule, scope, alert, lastEventTime, forMs }: SuppressionRequest): Verdict {
    const { sent, held } = this.#scopes(rule);
    const changed = this.#changes === null ? null : changedIn(this.#changes, rule);
    const last = sent.get(scope);
    const heldBefore = held.get(scope) ?? 0;
    if (last !== undefined && lastEventTime < last.until) {
      held.set(scope, heldBefore + 1);
      changed?.held.add(scope);
      return { kind: "held", by: last.alert };
    }
    sent.delete(scope); // a Map keeps the order of first insertion; `forget` goes by that of sending
    sent.set(scope, { alert, until: lastEventTime + forMs });
    if (held.delete(scope)) changed?.held.add(scope);
    changed?.sent.delete(scope); // in the same order
    changed?.sent.add(scope);
    return { kind: "sent", suppressed: heldBefore };
  }

  /** Drops what can hold nothing any more: no alert of the rule can have its last event before `time`. */
  forget(rule: string, time: number): void {
    const sent = this.#rules.get(rule)?.sent ?? new Map<string, Sent>();
    for (const [scope, { until }] of sent) {
      if (until > time) return;
      sent.delete(scope);
    }
  }

  remove(rule: string): void {
    this.#rules.delete(rule);
    this.#changes?.rules.delete(rule);
    this.#changes?.removed.add(rule);
  }

  snapshot(): SuppressionSnapshot {
    return [...this.#rules].map(([rule, { sent, held }]) => [rule, { sent: [...sent], held: [...held] }]);
  }

  restore(snapshot: SuppressionSnapshot): void {
    for (const [rule, { sent, held }] of snapshot) this.#rules.set(rule, { sent: new Map(sent), held: new Map(held) });
  }

  /** As of now, everything is in a checkpoint. */
  beginChanges(): void {
    this.#changes = { removed: new Set(), rules: new Map() };
  }

  /** What has changed since this was last asked; all, if it is wanted, or nobody knows. What has been forgotten since is told of neither way. */
  takeChanges({ isWhole }: { readonly isWhole: boolean }): SuppressionChanges {
    const changes = isWhole ? null : this.#changes;
    this.beginChanges();
    if (changes === null) return { isWhole: true, removed: [], rules: this.snapshot() };
    const rules = [...changes.rules].map(([rule, changed]) => {
      const { sent, held } = this.#scopes(rule);
      const entry = (scope: string): [string, Sent][] => (sent.has(scope) ? [[scope, sent.get(scope)!]] : []);
      return [
        rule,
        {
          sent: [...changed.sent].flatMap(entry),
          held: [...changed.held].map((scope): [string, number] => [scope, held.get(scope) ?? 0]),
        },
      ] as const;
    });
    return { isWhole: false, removed: [...changes.removed], rules };
  }

  #scopes(rule: string): Scopes {
    let scopes = this.#rules.get(rule);
    if (scopes === undefined) this.#rules.set(rule, (scopes = { sent: new Map(), held: new Map() }));
    return scopes;
  }
}

/** Scopes by rule. */
interface Changes {
  readonly removed: Set<string>;
  readonly rules: Map<string, { readonly sent: Set<string>; readonly held: Set<string> }>;
}

function changedIn({ rules }: Changes, rule: string): { readonly sent: Set<string>; readonly held: Set<string> } {
  let changed = rules.get(rule);
  if (changed === undefined) rules.set(rule, (changed = { sent: new Set(), held: new Set() }));
  return changed;
}

export interface SuppressionChanges {
  readonly isWhole: boolean;
  /** Before what is said of `rules`. */
  readonly removed: readonly string[];
  /** In the order of sending; a count of 0 is none. */
  readonly rules: SuppressionSnapshot;
}

export type SuppressionSnapshot = readonly (readonly [
  rule: string,
  scopes: {
    readonly sent: readonly (readonly [string, Sent])[];
    readonly held: readonly (readonly [string, number])[];
  },
])[];
