/**
 * Checks an event's data against its stream's schema, when it comes in. Fields that the schema does not know are let
 * through (S2.2).
 */

import { unreachable } from "../core/assert.ts";
import type { JsonObject } from "../core/event.ts";
import { parseTime } from "../core/time.ts";
import type { FieldType, ObjectType } from "../lang/definition.ts";
import { isJsonObject, ownField } from "./field.ts";
import type { Value } from "./types.ts";
import { kindOf } from "./value-kind.ts";

/** Where the data breaks the schema: `items[0].price`, found `a string`, expected `a number`. */
export interface SchemaFault {
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The first fault in the schema's order; null when there is none. Null is missing, as everywhere. */
export function checkAgainstSchema(data: JsonObject, schema: ObjectType): SchemaFault | null {
  return checkFields(data, schema, "");
}

function checkFields(data: JsonObject, { fields }: ObjectType, path: string): SchemaFault | null {
  for (const name of Object.keys(fields)) {
    const value = ownField(data, name) ?? null;
    const type = fields[name]!;
    // The common case, without making the path's text: a scalar that is what it should be.
    if (type.kind === "scalar" && isScalarOf(value, type)) continue;
    const fault = checkValue(value, type, fieldPath(path, name));
    if (fault !== null) return fault;
  }
  return null;
}

function checkValue(value: Value, type: FieldType, path: string): SchemaFault | null {
  if (value === null && type.optional) return null;
  switch (type.kind) {
    case "scalar":
      return isScalarOf(value, type) ? null : faultAt(path, value, type);
    case "object":
      return isJsonObject(value) ? checkFields(value, type, path) : faultAt(path, value, type);
    case "list":
      return Array.isArray(value) ? checkItems(value, type.item, path) : faultAt(path, value, type);
    default:
      return unreachable(type);
  }
}

function checkItems(items: readonly Value[], type: FieldType, path: string): SchemaFault | null {
  for (let i = 0; i < items.length; i++) {
    const fault = checkValue(items[i]!, type, `${path}[${i}]`);
    if (fault !== null) return fault;
  }
  return null;
}

function isScalarOf(value: Value, { type, optional }: Extract<FieldType, { kind: "scalar" }>): boolean {
  if (value === null) return optional;
  switch (type) {
    case "any":
      return true;
    case "timestamp":
      return parseTime(value) !== undefined;
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    default:
      return unreachable(type);
  }
}

function faultAt(path: string, value: Value, type: FieldType): SchemaFault {
  return { path, found: found(value), expected: expected(type) };
}

function found(value: Value): string {
  const kind = kindOf(value);
  if (kind === "null") return "nothing";
  return kind === "array" || kind === "object" ? `an ${kind}` : `a ${kind}`;
}

function expected(type: FieldType): string {
  if (type.kind === "list") return "an array";
  if (type.kind === "object") return "an object";
  if (type.type === "any") return "a value";
  return type.type === "timestamp" ? "a timestamp (RFC 3339 text, or whole epoch milliseconds)" : `a ${type.type}`;
}

function fieldPath(path: string, name: string): string {
  if (!NAME.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}
