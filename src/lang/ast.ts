/**
 * The syntax tree: what was written, clause by clause, in the author's order. It says nothing about whether it makes
 * sense; `check.ts` turns it into the definitions that the engine runs.
 */

import type { Span } from "./span.ts";

export interface RuleFile {
  readonly blocks: readonly Block[];
}

export type Block = StreamBlock | RuleBlock;

/** A name as written. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** `10m`, `1h30m`: milliseconds. */
export interface Duration {
  readonly ms: number;
  readonly text: string;
  readonly span: Span;
}

// ---- stream ----------------------------------------------------------------------------------------------------

export interface StreamBlock {
  readonly kind: "stream";
  readonly name: Name;
  readonly clauses: readonly StreamClause[];
  readonly span: Span;
}

export type StreamClause =
  | { readonly kind: "time"; readonly path: Expr; readonly span: Span }
  | { readonly kind: "watermark"; readonly strategy: "bounded"; readonly bound: Duration; readonly span: Span }
  | { readonly kind: "watermark"; readonly strategy: "ascending"; readonly span: Span }
  | { readonly kind: "watermark"; readonly strategy: "punctuated"; readonly where: Expr; readonly span: Span }
  | { readonly kind: "idle"; readonly after: Duration | "off"; readonly span: Span }
  | { readonly kind: "late"; readonly policy: "drop" | "side"; readonly span: Span }
  | { readonly kind: "id"; readonly path: Expr; readonly span: Span }
  | { readonly kind: "dedupe"; readonly within: Duration; readonly span: Span }
  | { readonly kind: "schema"; readonly fields: readonly SchemaField[]; readonly span: Span };

export interface SchemaField {
  readonly name: Name;
  readonly type: TypeExpr;
  readonly span: Span;
}

/** `string`, `number[]`, `{ city: string? }?` */
export type TypeExpr =
  | {
      readonly kind: "scalar";
      readonly type: "string" | "number" | "boolean" | "timestamp" | "any";
      readonly optional: boolean;
      readonly span: Span;
    }
  | { readonly kind: "list"; readonly item: TypeExpr; readonly optional: boolean; readonly span: Span }
  | {
      readonly kind: "object";
      readonly fields: readonly SchemaField[];
      readonly optional: boolean;
      readonly span: Span;
    };

// ---- rule ------------------------------------------------------------------------------------------------------

export interface RuleBlock {
  readonly kind: "rule";
  readonly name: Name;
  readonly title: StringLiteral | null;
  readonly clauses: readonly RuleClause[];
  readonly span: Span;
}

export interface StringLiteral {
  readonly value: string;
  readonly span: Span;
}

export type RuleClause =
  | { readonly kind: "severity"; readonly level: Name; readonly span: Span }
  | { readonly kind: "tags"; readonly tags: readonly StringLiteral[]; readonly span: Span }
  | { readonly kind: "description"; readonly text: StringLiteral; readonly span: Span }
  | { readonly kind: "from"; readonly streams: readonly Name[]; readonly where: Expr | null; readonly span: Span }
  | { readonly kind: "keyBy"; readonly keys: readonly Expr[]; readonly span: Span }
  | { readonly kind: "pattern"; readonly pattern: Pattern; readonly span: Span }
  | { readonly kind: "window"; readonly window: Window; readonly span: Span }
  | { readonly kind: "emit"; readonly entries: readonly EmitEntry[]; readonly span: Span }
  | { readonly kind: "onTimeoutEmit"; readonly entries: readonly EmitEntry[]; readonly span: Span }
  | { readonly kind: "suppress"; readonly for: Duration; readonly by: Expr | null; readonly span: Span }
  | { readonly kind: "deliver"; readonly destinations: readonly Name[]; readonly span: Span };

export interface EmitEntry {
  readonly name: Name;
  readonly value: Expr;
  readonly span: Span;
}

// ---- pattern ---------------------------------------------------------------------------------------------------

export interface Pattern {
  readonly stages: readonly Stage[];
  /** Written after the stages, each at most once (checked, not parsed). */
  readonly clauses: readonly PatternClause[];
  readonly span: Span;
}

export type PatternClause =
  | { readonly kind: "within"; readonly duration: Duration; readonly span: Span }
  | { readonly kind: "skip"; readonly strategy: SkipSyntax; readonly orFail: boolean; readonly span: Span };

export type SkipSyntax =
  | { readonly kind: "none" }
  | { readonly kind: "toNext" }
  | { readonly kind: "pastLastEvent" }
  | { readonly kind: "toFirst"; readonly stage: Name }
  | { readonly kind: "toLast"; readonly stage: Name };

export type Contiguity = "begin" | "next" | "followedBy" | "followedByAny" | "notNext" | "notFollowedBy";

export interface Stage {
  readonly contiguity: Contiguity;
  readonly contiguitySpan: Span;
  /** Null for a group without a name. */
  readonly name: Name | null;
  /** The body, when the stage is a group. */
  readonly group: readonly Stage[] | null;
  readonly modifiers: readonly Modifier[];
  readonly span: Span;
}

export type Modifier =
  | { readonly kind: "where"; readonly condition: Expr; readonly span: Span }
  | { readonly kind: "until"; readonly condition: Expr; readonly span: Span }
  | { readonly kind: "oneOrMore"; readonly span: Span }
  | { readonly kind: "timesOrMore"; readonly from: number; readonly span: Span }
  /** `times(n)` has `to` null. */
  | { readonly kind: "times"; readonly from: number; readonly to: number | null; readonly span: Span }
  | { readonly kind: "optional"; readonly span: Span }
  | { readonly kind: "greedy"; readonly span: Span }
  | { readonly kind: "consecutive"; readonly span: Span }
  | { readonly kind: "allowCombinations"; readonly span: Span }
  | { readonly kind: "gap"; readonly duration: Duration; readonly span: Span };

// ---- window ----------------------------------------------------------------------------------------------------

export interface Window {
  readonly assigner: Assigner;
  /** In any order, each at most once (checked, not parsed). */
  readonly clauses: readonly WindowClause[];
  readonly span: Span;
}

/** A whole number of something. */
export interface Count {
  readonly value: number;
  readonly span: Span;
}

export type Assigner =
  | {
      readonly kind: "tumbling";
      readonly size: Duration;
      readonly offset: Duration | null;
      readonly zone: StringLiteral | null;
      readonly span: Span;
    }
  | {
      readonly kind: "sliding";
      readonly size: Duration;
      readonly every: Duration;
      readonly offset: Duration | null;
      readonly span: Span;
    }
  | { readonly kind: "session"; readonly gap: Duration; readonly span: Span }
  | { readonly kind: "count"; readonly size: Count; readonly every: Count | null; readonly span: Span }
  | { readonly kind: "global"; readonly span: Span };

export type WindowClause =
  | { readonly kind: "lateness"; readonly duration: Duration; readonly span: Span }
  | { readonly kind: "trigger"; readonly when: Trigger; readonly span: Span }
  | { readonly kind: "purging"; readonly span: Span }
  | { readonly kind: "evict"; readonly keep: Kept; readonly span: Span }
  | { readonly kind: "having"; readonly condition: Expr; readonly span: Span };

export type Trigger =
  | { readonly kind: "onClose" | "onEvent" }
  | { readonly kind: "everyTime"; readonly interval: Duration }
  | { readonly kind: "everyCount"; readonly count: Count };

export type Kept =
  { readonly kind: "count"; readonly count: Count } | { readonly kind: "time"; readonly duration: Duration };

// ---- expressions -----------------------------------------------------------------------------------------------

export type BinaryOperator = "or" | "and" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";

export type Expr =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null; readonly span: Span }
  /** A duration; its value is milliseconds. */
  | { readonly kind: "duration"; readonly ms: number; readonly text: string; readonly span: Span }
  | { readonly kind: "array"; readonly items: readonly Expr[]; readonly span: Span }
  /** A field of the current event, a stage, or `event`: which one, the scope decides. */
  | { readonly kind: "name"; readonly name: string; readonly span: Span }
  /** `object.name` and `object["name"]`. */
  | { readonly kind: "member"; readonly object: Expr; readonly name: string; readonly span: Span }
  /** `object[0]`. */
  | { readonly kind: "index"; readonly object: Expr; readonly index: number; readonly span: Span }
  | { readonly kind: "call"; readonly name: Name; readonly args: readonly Expr[]; readonly span: Span }
  | { readonly kind: "unary"; readonly operator: "not" | "-"; readonly operand: Expr; readonly span: Span }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expr;
      readonly right: Expr;
      readonly span: Span;
    }
  /** `value in set`: the set is an array, `cidr("...")`, `list("...")`, or anything that gives an array. */
  | { readonly kind: "in"; readonly negated: boolean; readonly value: Expr; readonly set: Expr; readonly span: Span }
  /** `value like "adm*"i`, `value matches "^adm"i`. */
  | {
      readonly kind: "match";
      readonly operator: "like" | "matches";
      readonly negated: boolean;
      readonly value: Expr;
      readonly pattern: StringLiteral;
      readonly ignoreCase: boolean;
      readonly span: Span;
    }
  /** `"... ${expr} ..."` inside `emit`: texts and expressions in turn. */
  | { readonly kind: "template"; readonly parts: readonly (string | Expr)[]; readonly span: Span };

export type ExprKind = Expr["kind"];
