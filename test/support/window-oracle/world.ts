/**
 * What the window oracle works on: a window rule and the stream it reads, in a structured form of their own. The oracle
 * shares no code with `src`; it only has to be plain.
 */

export interface World {
  readonly rule: WindowRule;
  /** How far events may be out of order: the watermark is the greatest time seen − this − 1 ms. */
  readonly boundMs: number;
  readonly stream: readonly StreamItem[];
}

export interface WindowRule {
  readonly assigner: Assigner;
  readonly latenessMs: number;
  readonly trigger: Trigger;
  /** What a window holds is dropped at each firing. */
  readonly purging: boolean;
  /** What is left of a window when it fires; null: everything. */
  readonly keep: Keep | null;
  readonly aggregates: readonly Aggregate[];
  /** A firing for which it does not hold is no alert. */
  readonly having: Threshold | null;
}

/** Windows of time are left-closed and right-open. */
export type Assigner =
  | { readonly kind: "tumbling"; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: "calendarDays"; readonly days: number; readonly timeZone: string }
  | { readonly kind: "sliding"; readonly sizeMs: number; readonly everyMs: number; readonly offsetMs: number }
  | { readonly kind: "session"; readonly gapMs: number }
  /** The last `size` events, after each `every` of them; `every` null: `size` events at a time. */
  | { readonly kind: "count"; readonly size: number; readonly every: number | null }
  | { readonly kind: "global" };

/** `onClose` of a count window: by its count. */
export type Trigger =
  | { readonly kind: "onClose" }
  | { readonly kind: "everyTime"; readonly ms: number }
  | { readonly kind: "everyCount"; readonly count: number }
  | { readonly kind: "onEvent" };

export type Keep =
  /** The last that came. */
  | { readonly kind: "count"; readonly count: number }
  /** What is less than so much older than the newest. */
  | { readonly kind: "time"; readonly ms: number };

export const AGGREGATE_NAMES = [
  "count",
  "sum",
  "avg",
  "min",
  "max",
  "stddev",
  "count_distinct",
  "distinct",
  "first",
  "last",
  "list",
  "percentile",
] as const;

export interface Aggregate {
  readonly name: (typeof AGGREGATE_NAMES)[number];
  /** Null: `count()`, of the events themselves. */
  readonly field: string | null;
  /** Of `percentile`, 0 to 100. */
  readonly percent?: number;
}

export interface Threshold {
  /** Index of the aggregate. */
  readonly aggregate: number;
  readonly atLeast: number;
}

export type StreamItem =
  | {
      readonly kind: "event";
      readonly time: number;
      /** Null: not the rule's business. */
      readonly key: string | number | null;
      readonly data: Readonly<Record<string, FieldValue>>;
    }
  /** No event at or before it will come. */
  | { readonly kind: "watermark"; readonly time: number | "end" };

export type FieldValue = string | number | boolean | null;
