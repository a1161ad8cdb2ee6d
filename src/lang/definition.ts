/**
 * Definitions: what a checked file means, with every default filled in and every modifier in its place. The engine
 * runs these; nothing in them depends on how they were written.
 */

import type { Contiguity, Expr } from "./ast.ts";
import type { Span } from "./span.ts";

export interface StreamDefinition {
  readonly name: string;
  /** Path of the event time attribute; null: time of arrival. */
  readonly time: Expr | null;
  readonly watermark: WatermarkDefinition;
  /** Wall-clock silence after which the clock ticks on; null: off. */
  readonly idleMs: number | null;
  readonly late: "drop" | "side";
  readonly id: Expr | null;
  /** How far behind the greatest event time identities are remembered; null where no `id` is declared. */
  readonly dedupeMs: number | null;
  /** Null: any field, each `any`. */
  readonly schema: ObjectType | null;
  /** The block's text; empty for a stream that is only named by a rule. */
  readonly source: string;
}

export type WatermarkDefinition =
  | { readonly kind: "bounded"; readonly outOfOrdernessMs: number }
  | { readonly kind: "ascending" }
  | { readonly kind: "punctuated"; readonly where: Expr };

export type FieldType =
  | {
      readonly kind: "scalar";
      readonly type: "string" | "number" | "boolean" | "timestamp" | "any";
      readonly optional: boolean;
    }
  | { readonly kind: "list"; readonly item: FieldType; readonly optional: boolean }
  | ObjectType;

export interface ObjectType {
  readonly kind: "object";
  readonly fields: Readonly<Record<string, FieldType>>;
  readonly optional: boolean;
}

export const SEVERITIES = ["info", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

export type RuleDefinition = PatternRuleDefinition | WindowRuleDefinition;

export interface PatternRuleDefinition extends RuleBase {
  readonly kind: "pattern";
  readonly pattern: PatternDefinition;
  /** Null: timed-out partial matches are dropped in silence. */
  readonly onTimeoutEmit: readonly EmitDefinition[] | null;
}

export interface WindowRuleDefinition extends RuleBase {
  readonly kind: "window";
  readonly window: WindowDefinition;
}

interface RuleBase {
  readonly name: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly severity: Severity;
  readonly tags: readonly string[];
  /** At least one, without repetition. */
  readonly streams: readonly string[];
  readonly where: Expr | null;
  readonly keyBy: readonly Expr[];
  readonly emit: readonly EmitDefinition[];
  readonly suppress: { readonly ms: number; readonly by: Expr | null } | null;
  readonly deliver: readonly string[];
  /** The block's text. */
  readonly source: string;
  readonly span: Span;
}

export interface EmitDefinition {
  readonly name: string;
  readonly value: Expr;
}

// ---- window --------------------------------------------------------------------------------------------------------

export interface WindowDefinition {
  readonly assigner: AssignerDefinition;
  /** How long a window stays after its end; 0 for windows that have none. */
  readonly allowedLatenessMs: number;
  readonly trigger: TriggerDefinition;
  /** What the window holds is dropped at each firing. */
  readonly purging: boolean;
  /** What is left of the window when it fires; null: everything. */
  readonly evict: EvictDefinition | null;
  /** A firing for which it does not hold is no alert. */
  readonly having: Expr | null;
}

/** Windows of time are left-closed and right-open (S10.1). */
export type AssignerDefinition =
  | { readonly kind: "tumbling"; readonly sizeMs: number; readonly offsetMs: number }
  /** Whole days of a zone's calendar, which have 23 or 25 hours when its clocks change. */
  | { readonly kind: "calendarDays"; readonly days: number; readonly timeZone: string }
  | { readonly kind: "sliding"; readonly sizeMs: number; readonly everyMs: number; readonly offsetMs: number }
  | { readonly kind: "session"; readonly gapMs: number }
  /** The last `size` events, after each `every` of them; `every` null: `size` events at a time. */
  | { readonly kind: "count"; readonly size: number; readonly every: number | null }
  /** One window that never ends. */
  | { readonly kind: "global" };

/** `onClose`: at the window's end; a count window: by its count. A global window has another one. */
export type TriggerDefinition =
  | { readonly kind: "onClose" }
  | { readonly kind: "everyTime"; readonly ms: number }
  | { readonly kind: "everyCount"; readonly count: number }
  | { readonly kind: "onEvent" };

/** What is kept: so many events, or those less than so much older than the newest. */
export type EvictDefinition =
  { readonly kind: "count"; readonly count: number } | { readonly kind: "time"; readonly ms: number };

// ---- pattern -------------------------------------------------------------------------------------------------------

export interface PatternDefinition {
  readonly stages: readonly StageDefinition[];
  readonly withinMs: number | null;
  readonly skip: SkipDefinition;
}

export type SkipDefinition =
  | { readonly kind: "none" }
  | { readonly kind: "toNext" }
  | { readonly kind: "pastLastEvent" }
  | { readonly kind: "toFirst" | "toLast"; readonly stage: string; readonly orFail: boolean };

/** How often a stage or group occurs. A single stage is `times` 1 to 1. */
export type QuantifierDefinition =
  | { readonly kind: "times"; readonly from: number; readonly to: number }
  /** Open-ended: `from` or more. */
  | { readonly kind: "loop"; readonly from: number };

export interface StageDefinition {
  /** Null for a group. */
  readonly name: string | null;
  readonly contiguity: Contiguity;
  readonly where: Expr | null;
  readonly quantifier: QuantifierDefinition;
  readonly optional: boolean;
  readonly greedy: boolean;
  /** Contiguity between the occurrences of a quantified stage: relaxed, `consecutive`, `allowCombinations`. */
  readonly inner: "relaxed" | "strict" | "any";
  readonly until: Expr | null;
  readonly gapMs: number | null;
  readonly group: readonly StageDefinition[] | null;
  readonly span: Span;
}

/** Names of all stages that can take events, groups' bodies included, in the text's order. A stage's index in it is its rank in rule T. */
export function stageNames(stages: readonly StageDefinition[]): string[] {
  return stages.flatMap((stage) =>
    stage.group !== null ? stageNames(stage.group) : stage.name !== null ? [stage.name] : [],
  );
}
