/** A file as lines of its canonical layout: what stands on each, and which stretch of the source it came from. */

import { unreachable } from "../core/assert.ts";
import type {
  EmitEntry,
  Expr,
  Modifier,
  Pattern,
  PatternClause,
  RuleBlock,
  RuleClause,
  RuleFile,
  SchemaField,
  Stage,
  StreamBlock,
  StreamClause,
  TypeExpr,
  Window,
  WindowClause,
} from "./ast.ts";
import { type Place, printExpr, printPieces, printText } from "./print-expr.ts";
import { type Span, wordAt } from "./span.ts";
import { assignerText, keptText, triggerText } from "./window-text.ts";

export interface SourceLine {
  readonly depth: number;
  /** Stand below those of the lines around it of the same kind. */
  readonly cells: readonly string[];
  /** The rest; where a line gets too long, each on its own, and cut further if need be. */
  readonly pieces: readonly (readonly string[])[];
  readonly kind: "clause" | "stage" | "field" | "entry" | "single" | "open" | "close";
  readonly span: Span;
}

const FIXED: Place = { interpolates: false };
const EMIT: Place = { interpolates: true };

export function sourceLines({ blocks }: RuleFile): SourceLine[] {
  return blocks.flatMap((block) => (block.kind === "stream" ? streamLines(block) : ruleLines(block)));
}

// ---- lines ---------------------------------------------------------------------------------------------------------

function open(depth: number, text: string, span: Span): SourceLine {
  return { depth, cells: [], pieces: [[text]], kind: "open", span };
}

/** A closing bracket: the last character of what it closes. */
function close(depth: number, text: string, whole: Span): SourceLine {
  const { endLine, endColumn, end } = whole;
  const span = { line: endLine, column: endColumn - 1, endLine, endColumn, start: end - 1, end };
  return { depth, cells: [], pieces: [[text]], kind: "close", span };
}

function bracketed(header: SourceLine, inner: readonly SourceLine[], whole: Span): SourceLine[] {
  if (inner.length === 0) return [{ ...header, kind: "single", pieces: [[`${header.pieces[0]![0]!} }`]], span: whole }];
  return [header, ...inner, close(header.depth, "}", whole)];
}

/** What is before the first bracket of `whole`, as far as the tree knows. */
function upTo(whole: Span, last: Span): Span {
  return { ...whole, endLine: last.endLine, endColumn: last.endColumn, end: last.end };
}

function clause(depth: number, cell: string, pieces: readonly (readonly string[])[], span: Span): SourceLine {
  return { depth, cells: [cell], pieces, kind: "clause", span };
}

/** A line of a pattern or a window that nothing stands below. */
function single(text: string, span: Span): SourceLine {
  return { depth: 2, cells: [], pieces: [[text]], kind: "single", span };
}

const list = (items: readonly string[]): string[] =>
  items.map((item, index) => (index === items.length - 1 ? item : `${item},`));
const textOf = ({ text }: { readonly text: string }): string => text;

// ---- stream --------------------------------------------------------------------------------------------------------

function streamLines({ name, clauses, span }: StreamBlock): SourceLine[] {
  const header = open(0, `stream ${name.text} {`, upTo(span, name.span));
  return bracketed(header, clauses.flatMap(streamClauseLines), span);
}

function streamClauseLines(of: StreamClause): SourceLine[] {
  switch (of.kind) {
    case "time":
    case "id":
      return [clause(1, of.kind, [[printExpr(of.path, FIXED)]], of.span)];
    case "watermark":
      return [clause(1, "watermark", watermarkPieces(of), of.span)];
    case "idle":
      return [clause(1, "idle", [[of.after === "off" ? "off" : of.after.text]], of.span)];
    case "late":
      return [clause(1, "late", [[of.policy]], of.span)];
    case "dedupe":
      return [clause(1, "dedupe", [[of.within.text]], of.span)];
    case "schema":
      return bracketed(open(1, "schema {", wordAt(of.span, "schema")), of.fields.map(fieldLine), of.span);
    default:
      return unreachable(of);
  }
}

function watermarkPieces(of: Extract<StreamClause, { kind: "watermark" }>): string[][] {
  switch (of.strategy) {
    case "bounded":
      return [["bounded", of.bound.text]];
    case "ascending":
      return [["ascending"]];
    case "punctuated":
      return [["punctuated"], wherePieces(of.where)];
    default:
      return unreachable(of);
  }
}

function fieldLine({ name, type, span }: SchemaField): SourceLine {
  return { depth: 2, cells: [`${name.text}:`], pieces: [[printType(type)]], kind: "field", span };
}

function printType(type: TypeExpr): string {
  const mark = type.optional ? "?" : "";
  switch (type.kind) {
    case "scalar":
      return `${type.type}${mark}`;
    case "list":
      return `${printType(type.item)}[]${mark}`;
    case "object": {
      const fields = type.fields.map((field) => `${field.name.text}: ${printType(field.type)}`);
      return `${fields.length === 0 ? "{ }" : `{ ${fields.join(", ")} }`}${mark}`;
    }
    default:
      return unreachable(type);
  }
}

// ---- rule ----------------------------------------------------------------------------------------------------------

function ruleLines({ name, title, clauses, span }: RuleBlock): SourceLine[] {
  const titled = title === null ? name.text : `${name.text} ${printText(title.value, FIXED)}`;
  const header = open(0, `rule ${titled} {`, upTo(span, (title ?? name).span));
  return bracketed(header, clauses.flatMap(ruleClauseLines), span);
}

function ruleClauseLines(of: RuleClause): SourceLine[] {
  switch (of.kind) {
    case "severity":
      return [clause(1, "severity", [[of.level.text]], of.span)];
    case "tags":
      return [clause(1, "tags", [list(of.tags.map(({ value }) => printText(value, FIXED)))], of.span)];
    case "description":
      return [clause(1, "description", [[printText(of.text.value, FIXED)]], of.span)];
    case "from": {
      const where = of.where === null ? [] : [wherePieces(of.where)];
      return [clause(1, "from", [list(of.streams.map(textOf)), ...where], of.span)];
    }
    case "keyBy":
      return [clause(1, "key by", [list(of.keys.map((key) => printExpr(key, FIXED)))], of.span)];
    case "pattern":
      return patternLines(of.pattern, of.span);
    case "window":
      return windowLines(of.window, of.span);
    case "emit":
      return entryLines("emit", of);
    case "onTimeoutEmit":
      return entryLines("on timeout emit", of);
    case "suppress": {
      const by = of.by === null ? [] : [["by", ...printPieces(of.by, FIXED)]];
      return [clause(1, "suppress", [[of.for.text], ...by], of.span)];
    }
    case "deliver":
      return [clause(1, "deliver", [list(of.destinations.map(textOf))], of.span)];
    default:
      return unreachable(of);
  }
}

function entryLines(words: string, { entries, span }: { entries: readonly EmitEntry[]; span: Span }): SourceLine[] {
  return bracketed(open(1, `${words} {`, wordAt(span, words)), entries.map(entryLine), span);
}

function entryLine({ name, value, span }: EmitEntry): SourceLine {
  const [first, ...others] = printPieces(value, EMIT);
  return { depth: 2, cells: [name.text], pieces: [[`= ${first!}`, ...others]], kind: "entry", span };
}

// ---- pattern -------------------------------------------------------------------------------------------------------

function patternLines({ stages, clauses }: Pattern, span: Span): SourceLine[] {
  const inner = [...stages.flatMap((stage) => stageLines(stage, 2)), ...clauses.map(patternClauseLine)];
  return bracketed(open(1, "pattern {", wordAt(span, "pattern")), inner, span);
}

function patternClauseLine(of: PatternClause): SourceLine {
  return single(patternClauseText(of), of.span);
}

function patternClauseText(of: PatternClause): string {
  if (of.kind === "within") return `within ${of.duration.text}`;
  const target = "stage" in of.strategy ? `(${of.strategy.stage.text})` : "";
  return `skip ${of.strategy.kind}${target}${of.orFail ? " orFail" : ""}`;
}

function stageLines(stage: Stage, depth: number): SourceLine[] {
  const { contiguity, contiguitySpan, name, group, modifiers, span } = stage;
  const pieces = modifiers.map(modifierPieces);
  if (group === null) {
    return [{ depth, cells: [contiguity, name?.text ?? ""], pieces, kind: "stage", span }];
  }
  const header = name === null ? contiguity : `${contiguity} ${name.text}`;
  return [
    open(depth, `${header} (`, name === null ? contiguitySpan : upTo(span, name.span)),
    ...group.flatMap((inner) => stageLines(inner, depth + 1)),
    groupEnd(stage, depth, pieces),
  ];
}

function groupEnd({ modifiers, span }: Stage, depth: number, pieces: readonly string[][]): SourceLine {
  const [first] = modifiers;
  const end = close(depth, ")", span);
  // The tree does not know where the bracket stands: with modifiers, their beginning is as near as it gets.
  if (first === undefined) return end;
  return {
    ...end,
    pieces: [[")"], ...pieces],
    span: { ...span, line: first.span.line, column: first.span.column, start: first.span.start },
  };
}

function modifierPieces(modifier: Modifier): string[] {
  switch (modifier.kind) {
    case "where":
      return wherePieces(modifier.condition);
    case "until":
      return conditionPieces("until", modifier.condition);
    case "times":
      return [`times(${modifier.from}${modifier.to === null ? "" : `, ${modifier.to}`})`];
    case "timesOrMore":
      return [`timesOrMore(${modifier.from})`];
    case "gap":
      return [`gap ${modifier.duration.text}`];
    case "oneOrMore":
    case "optional":
    case "greedy":
    case "consecutive":
    case "allowCombinations":
      return [modifier.kind];
    default:
      return unreachable(modifier);
  }
}

function wherePieces(condition: Expr): string[] {
  return conditionPieces("where", condition);
}

function conditionPieces(word: string, condition: Expr): string[] {
  const [first, ...others] = printPieces(condition, FIXED);
  return [`${word} ${first!}`, ...others];
}

// ---- window --------------------------------------------------------------------------------------------------------

function windowLines({ assigner, clauses }: Window, span: Span): SourceLine[] {
  const inner = [single(assignerText(assigner), assigner.span), ...clauses.map(windowClauseLine)];
  return bracketed(open(1, "window {", wordAt(span, "window")), inner, span);
}

function windowClauseLine(of: WindowClause): SourceLine {
  switch (of.kind) {
    case "lateness":
      return single(`allow lateness ${of.duration.text}`, of.span);
    case "trigger":
      return single(`trigger ${triggerText(of.when)}`, of.span);
    case "purging":
      return single("purging", of.span);
    case "evict":
      return single(`evict ${keptText(of.keep)}`, of.span);
    case "having":
      return clause(2, "having", [printPieces(of.condition, FIXED)], of.span);
    default:
      return unreachable(of);
  }
}
