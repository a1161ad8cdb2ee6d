/** The service as `http` and `cli` see it: the engine behind its log. `service.ts` is the one implementation. */

import type { Json } from "../../core/event.ts";
import type { Diagnostic } from "../../lang/diagnostic.ts";
import type { Severity } from "../../lang/definition.ts";
import type { Cost } from "../../nfa/cost.ts";
import type { NfaGraph } from "../../nfa/graph/graph.ts";
import type { AlertSinkStatus } from "../log/alert-sink.ts";
import type { Savepoints } from "../checkpoint/savepoints.ts";
import type { CheckpointCounts } from "../checkpoint/checkpoint-coordinator.ts";
import type { TakenLines } from "../log/idempotency.ts";
import type { ListPlan } from "./list-plan.ts";
import type { ListChange, ListValue, OnChange } from "../log/log-record.ts";
import type { AlertEvent } from "../output.ts";
import type { StoredAlert } from "../ports.ts";
import type { StateChange } from "../rules/rule-change.ts";
import type { RuleVersion } from "../rules/rule-version.ts";

export interface Rejection {
  /** Index of the event in the request. */
  readonly index: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export interface IngestResult {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly Rejection[];
  /** Offset of the last accepted event; null when none was. */
  readonly lastOffset: number | null;
}

export interface RuleCheck {
  readonly ok: boolean;
  /** Errors and warnings, in the text's order. */
  readonly diagnostics: readonly Diagnostic[];
  readonly rules: readonly string[];
  readonly streams: readonly string[];
  /** By rule, null for one with a window; empty when there is an error. */
  readonly costs: Readonly<Record<string, Cost | null>>;
}

export interface RulesPut {
  /** False when every block was there already, word for word. */
  readonly changed: boolean;
  readonly rules: readonly {
    readonly name: string;
    readonly version: number;
    readonly status: RuleStatus["status"];
    readonly change: "created" | "updated" | "unchanged";
    /** What became of the rule's keyed state. */
    readonly state: StateChange;
    /** The rule sees the events logged from this offset on, and those still waiting for the watermark. */
    readonly activeFrom: number;
    /** Null for a rule with a window. */
    readonly cost: Cost | null;
  }[];
  readonly streams: readonly { readonly name: string; readonly change: "created" | "updated" | "unchanged" }[];
  readonly warnings: readonly Diagnostic[];
}

export interface RuleStatus {
  readonly name: string;
  readonly version: number;
  readonly status: "active" | "paused";
  readonly title: string | null;
  readonly description: string | null;
  readonly severity: Severity;
  readonly tags: readonly string[];
  readonly streams: readonly string[];
  readonly deliver: readonly string[];
  readonly source: string;
  readonly activeFrom: number;
  readonly counts: RuleCounts;
}

/** What a rule holds for one key. */
export interface KeyView {
  readonly rule: string;
  readonly version: number;
  readonly key: Json;
  /** How far the time of its streams has come: RFC 3339, `"beginning"` or `"end"`. */
  readonly watermark: string;
  /** By first event; none for a rule that looks at a window. */
  readonly partialMatches: readonly PartialMatchView[];
  /** By start; none for a rule that looks for a pattern. */
  readonly windows: readonly WindowView[];
}

export interface PartialMatchView {
  /** Stage → the events it took so far, in order. */
  readonly events: Readonly<Record<string, readonly AlertEvent[]>>;
  readonly eventsOmitted?: number;
  readonly firstEventAt: string;
  readonly lastEventAt: string;
  /** When `within` runs out; null without one. */
  readonly timesOutAt: string | null;
  /** The same events may wait at several places of the pattern. */
  readonly waits: readonly WaitView[];
}

export interface WaitView {
  /** As the rule's graph names it. */
  readonly state: string;
  /** The stage it waits for; null where it waits for none. */
  readonly stage: string | null;
  /** `waits for the 2nd failed`. */
  readonly meaning: string;
  /** When a `gap` ends the wait; null for none. */
  readonly until: string | null;
  readonly movesOnWith: readonly ConditionView[];
  readonly givenUpWith: readonly ConditionView[];
}

export interface ConditionView {
  /** By the names of its parts: `failed`. */
  readonly label: string;
  /** In the rule language. */
  readonly condition: string;
}

/** A window as it stands, or a pane that several windows share. */
export interface WindowView {
  /** Null for windows that have none. */
  readonly start: string | null;
  readonly end: string | null;
  readonly isPane: boolean;
  /** What the rule would emit if it fired now; absent while it is empty, and where the rule evicts. */
  readonly emit?: Readonly<Record<string, Json>>;
  /** Whether that would be an alert. */
  readonly having?: boolean;
  /** How many it holds, where the rule evicts. */
  readonly events?: number;
}

/** What a pause or a resumption came to. */
export interface RuleHeld {
  readonly name: string;
  readonly version: number;
  readonly status: RuleStatus["status"];
  /** False when it was so already. */
  readonly changed: boolean;
  /** Records from this offset on find it so. */
  readonly offset: number;
}

export interface PutOptions {
  /** The file under `rules/` that the text is from. */
  readonly origin?: string;
  /** What becomes of what rules have begun that match otherwise from now on. Default: `drop`. */
  readonly onChange?: OnChange;
}

/** The automaton of an active rule. */
export interface RuleGraph extends NfaGraph {
  readonly rule: string;
  readonly version: number;
  readonly title: string | null;
}

export interface RuleCounts {
  /** Events of the rule's streams that passed `from ... where`. */
  readonly events: number;
  /** Events passed by because their key was null or could not be worked out. */
  readonly unkeyed: number;
  readonly matches: number;
  readonly timeouts: number;
  readonly alerts: number;
  /** Alerts held by `suppress`. */
  readonly suppressed: number;
  readonly partialMatches: number;
  /** Keys with state. */
  readonly keys: number;
  /** Windows that are open, or stay for late events; of sliding ones that share panes, the panes. */
  readonly windows: number;
  /** Comparisons of wrong types, and matches that `orFail` dropped. */
  readonly faults: number;
  /** Partial matches dropped at `partialMatchesPerKeyMax`. */
  readonly dropped: number;
  /** Starts refused at `partialMatchesPerRuleMax`. */
  readonly refused: number;
  /** Events that came too late for the rule: behind the least watermark of its streams, and of no window that is still there. */
  readonly late: number;
  /** What became due while the rule was paused, and was dropped when it resumed. */
  readonly droppedWhilePaused: number;
}

export interface PartitionStatus {
  /** `http` for the one that HTTP is. */
  readonly name: string;
  readonly watermark: string;
  readonly lastArrival: string;
  /** It holds time back no longer, until it speaks again. */
  readonly idle: boolean;
}

/** Whose watermark is the least of those that are not idle: time waits for it. */
export interface HeldBackBy {
  readonly stream: string;
  /** Of that stream; `http` for what comes over HTTP; null where it has none yet. */
  readonly partition: string | null;
  readonly watermark: string;
  /** Neither it nor its watermark has been another one since, RFC 3339. */
  readonly since: string;
}

/** Rules that read the same streams: they go by the least of their watermarks. */
export interface RuleInputStatus {
  readonly streams: readonly string[];
  /** Names of those that read them. */
  readonly rules: readonly string[];
  readonly watermark: string;
  /** Events that wait for the watermark. */
  readonly waiting: number;
  readonly heldBackBy: HeldBackBy | null;
}

export interface StreamStatus {
  readonly name: string;
  /** False for a stream that is only named by a rule. */
  readonly declared: boolean;
  readonly source: string;
  /** RFC 3339, `"beginning"` or `"end"`. */
  readonly watermark: string;
  /** How far the watermark is behind the clock; null while it is at the beginning, or at the end. */
  readonly lagMs: number | null;
  /** When its newest event arrived, RFC 3339; null before the first. */
  readonly lastArrival: string | null;
  /** Silent for as long as its `idle` says. */
  readonly idle: boolean;
  readonly ended: boolean;
  readonly events: number;
  readonly late: number;
  /** Events accepted and still waiting for the watermark. */
  readonly waiting: number;
  readonly partitions: readonly PartitionStatus[];
  /** Null before its first event, when all of it is silent, and after its end. */
  readonly heldBackBy: HeldBackBy | null;
}

export interface ListStatus {
  readonly name: string;
  readonly count: number;
  /** Of its values as JSON. */
  readonly bytes: number;
  /** Names of the active rules that read it. */
  readonly usedBy: readonly string[];
}

export interface ListContents extends ListStatus {
  readonly values: readonly ListValue[];
}

export interface ListChanged extends ListPlan {
  readonly name: string;
  /** Records from this offset on are judged by the list as it is now. */
  readonly activeFrom: number;
}

export interface ServiceStatus {
  readonly logEnd: number;
  /** Offset after the last record the engine has been through. */
  readonly applied: number;
  /** Offset after the last record the engine has been through and whose outputs are written. */
  readonly processed: number;
  readonly replaying: boolean;
  /** What is in the log and not processed: how many records, and how long the oldest has waited. */
  readonly lag: { readonly records: number; readonly ms: number };
  readonly counts: {
    readonly rules: number;
    readonly streams: number;
    readonly lists: number;
    /** With state, of all rules. */
    readonly keys: number;
    readonly partialMatches: number;
  };
  readonly inputs: readonly RuleInputStatus[];
  /** Null where none are taken. */
  readonly checkpoints: CheckpointCounts | null;
  /** How often the engine has begun again at a checkpoint, since the process began. */
  readonly restarts: number;
  /** Where alerts go beside the alert store; null where they do not. */
  readonly sink: AlertSinkStatus | null;
  /** What cannot be written now, and is tried again. */
  readonly troubles: readonly string[];
}

/** Documents of one stream, out of a request that may be of many. */
export interface IngestRun {
  readonly stream: string;
  readonly documents: readonly Json[];
  /** Of each document, as it came, where that is at hand: the log need not write it anew. */
  readonly texts?: readonly (string | undefined)[];
}

export interface Service {
  /** Null where no checkpoints are taken. */
  readonly savepoints: Savepoints | null;
  /**
   * Durable when it resolves. UserError `unknown-stream` when there is no such stream. Of a keyed request, `taken` is asked what is
   * written down with the events: both are durable, or neither.
   */
  ingest(
    stream: string,
    documents: readonly Json[],
    taken?: (result: IngestResult) => TakenLines,
  ): Promise<IngestResult>;
  /** The same for several streams at once, in order: all of it is durable, or nothing. */
  ingestRuns(
    runs: readonly IngestRun[],
    taken?: (results: readonly IngestResult[]) => TakenLines,
  ): Promise<readonly IngestResult[]>;
  /** The engine is so far behind the log that new events have to wait. */
  isBehind(): boolean;
  advanceWatermark(stream: string, time: number | "end"): Promise<{ readonly offset: number }>;
  /** RuleError (with diagnostics) when refused; nothing is applied then. */
  putRules(source: string, options?: PutOptions): Promise<RulesPut>;
  checkRules(source: string): RuleCheck;
  /** UserError `unknown-rule` when there is none. */
  removeRule(name: string): Promise<{ readonly offset: number }>;
  /** UserError `unknown-rule` when there is none. */
  pauseRule(name: string): Promise<RuleHeld>;
  resumeRule(name: string): Promise<RuleHeld>;
  /** Every version that was ever active, the first one first, of removed rules too; null for a name that no rule ever had. */
  ruleVersions(name: string): readonly RuleVersion[] | null;
  /** Puts the text of that version again, under the next number. UserErrors `unknown-rule`, `unknown-version`; RuleError. */
  rollbackRule(name: string, version: number): Promise<RulesPut>;
  rules(): readonly RuleStatus[];
  rule(name: string): RuleStatus | null;
  ruleGraph(name: string): RuleGraph | null;
  /** `key`: a text itself, any other as JSON. Null when there is no such rule. */
  keyState(rule: string, key: string): Promise<KeyView | null>;
  /** A put, an edit or a removal; UserErrors `unknown-list` for the latter two, and for limits (`list-plan.ts`). */
  changeList(name: string, change: ListChange): Promise<ListChanged>;
  lists(): readonly ListStatus[];
  list(name: string): ListContents | null;
  streams(): readonly StreamStatus[];
  /** For whoever need not know how it is doing. */
  hasStream(name: string): boolean;
  stream(name: string): StreamStatus | null;
  status(): ServiceStatus;
  /** What cannot be written now, and is tried again: sentences; none when all is well. */
  troubles(): readonly string[];
  /**
   * Called right after each commit of alerts, in order, with those that were new: none where an answer was lost and the
   * write made again. Gives the function that ends it.
   */
  onAlerts(listener: (alerts: readonly StoredAlert[]) => void): () => void;
}
