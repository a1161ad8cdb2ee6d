/** Expressions as text, evaluated over what a case gives: the way every suite of this folder asks its questions. */

import { expect } from "@jest/globals";

import { assert } from "../../src/core/assert.ts";
import type { Event, JsonObject } from "../../src/core/event.ts";
import { compileCondition, compileExpression } from "../../src/expr/compile.ts";
import { typecheck } from "../../src/expr/typecheck.ts";
import type { EvalContext, MatchedEvents, Scope, Value } from "../../src/expr/types.ts";
import type { Expr, StreamBlock } from "../../src/lang/ast.ts";
import type { FieldType, ObjectType } from "../../src/lang/definition.ts";
import { type ParsedExpression, parseExpression, parseFile } from "../../src/lang/parse.ts";

/** What an expression can see. Everything may be left out. */
export interface Given {
  /** Fields of the current event. */
  readonly data?: JsonObject;
  /** Events matched so far, in match order: `[["failed", { ip: "a" }], ...]`; the first happened at 1000 ms, the next at 2000. */
  readonly matched?: readonly (readonly [stage: string, data: JsonObject])[];
  /** Stages that can be named besides those. */
  readonly stages?: readonly string[];
  readonly now?: number;
  readonly lists?: Readonly<Record<string, readonly Value[]>>;
  /** As in a stream block: `user: string, tags: string[]`. */
  readonly schema?: string;
}

/** The current event is the one after those matched. */
export const EVENT_TIME = 60_000;

export interface Outcome {
  readonly value: Value;
  readonly faults: number;
}

/** Parses as in `emit`, where strings are templates. */
export function parse(source: string): Expr {
  return parsed(source, parseExpression(source, { interpolates: true }));
}

/** Parses as in `where`. */
export function parseWhere(source: string): Expr {
  return parsed(source, parseExpression(source));
}

function parsed(source: string, { expression, diagnostics }: ParsedExpression): Expr {
  assert(expression !== null, `${source}: ${JSON.stringify(diagnostics)}`);
  return expression;
}

export function evaluate(source: string, given: Given = {}): Outcome {
  const expr = parse(source);
  const scope = scopeOf(given);
  const errors = typecheck(expr, scope, { position: "emit" }).filter(({ severity }) => severity === "error");
  assert(errors.length === 0, `${source}: ${JSON.stringify(errors)}`);
  return run(expr, given);
}

/** Without a check before: for expressions whose types are wrong on purpose. */
export function run(expr: Expr, given: Given): Outcome {
  const context = contextOf(given);
  const value = compileExpression(expr, scopeOf(given))(context);
  const { faults } = context;
  expect(compileCondition(expr, scopeOf(given))(context)).toBe(value === true);
  return { value, faults };
}

export function check(source: string, given: Given, expected: Value): void {
  expect(evaluate(source, given).value).toEqual(expected);
}

export function scopeOf({ matched = [], stages = [], schema }: Given): Scope {
  const names = new Set([...stages, ...matched.map(([stage]) => stage)]);
  return {
    stages: new Map([...names].map((name, index) => [name, index])),
    schema: schema ? objectType(schema) : null,
  };
}

export function contextOf(given: Given): EvalContext {
  const { data = {}, matched = [], now = EVENT_TIME, lists = {} } = given;
  const { stages } = scopeOf(given);
  let newest: MatchedEvents | null = null;
  for (const [index, [stage, fields]] of matched.entries()) {
    const event = eventOf(fields, (index + 1) * 1000);
    newest = { stage: stages.get(stage)!, event, previous: newest };
  }
  return {
    event: eventOf(data, EVENT_TIME),
    window: null,
    matched: newest,
    now,
    lists: { has: (list, value) => lists[list]?.includes(value) ?? false },
    faults: 0,
  };
}

function eventOf(data: JsonObject, time: number): Event {
  return { stream: "s", offset: time, id: null, ordinal: time, time, data };
}

/** The type that a stream's `schema { ... }` declares. */
export function objectType(fields: string): ObjectType {
  const { file, diagnostics } = parseFile(`stream s { schema { ${fields} } }`);
  assert(file !== null, JSON.stringify(diagnostics));
  const clause = (file.blocks[0] as StreamBlock).clauses.find((one) => one.kind === "schema");
  return fieldsType(clause!.fields, false);
}

type SchemaClause = Extract<StreamBlock["clauses"][number], { kind: "schema" }>;
type TypeExpr = SchemaClause["fields"][number]["type"];

function fieldsType(fields: SchemaClause["fields"], optional: boolean): ObjectType {
  return {
    kind: "object",
    fields: Object.fromEntries(fields.map((field) => [field.name.text, fieldType(field.type)])),
    optional,
  };
}

function fieldType(type: TypeExpr): FieldType {
  const { optional } = type;
  if (type.kind === "object") return fieldsType(type.fields, optional);
  if (type.kind === "list") return { kind: "list", item: fieldType(type.item), optional };
  return { kind: "scalar", type: type.type, optional };
}
