/** Static types: what is known of an expression's value before there is one. Without a schema, every field is `any`. */

import { unreachable } from "../core/assert.ts";
import type { FieldType, ObjectType } from "../lang/definition.ts";
import type { Step } from "./field.ts";
import type { Path } from "./path.ts";
import type { Scope, StaticType } from "./types.ts";

type ScalarType = Extract<FieldType, { kind: "scalar" }>["type"];

export const ANY = scalar("any");
export const STRING = scalar("string");
export const NUMBER = scalar("number");
export const BOOLEAN = scalar("boolean");
export const NULL: StaticType = { kind: "null" };

/** Types whose values can be equal to each other; a `timestamp` is a number wherever it is read. */
export type Family = "any" | "null" | "string" | "number" | "boolean" | "list" | "object" | "stage";

export function familyOf(type: StaticType): Family {
  if (type.kind !== "scalar") return type.kind;
  return type.type === "timestamp" ? "number" : type.type;
}

/** Whether a value of the type may turn out to be of the family. */
export function mayBe(type: StaticType, family: Family): boolean {
  const own = familyOf(type);
  return own === "any" || own === family;
}

export function isTime(type: StaticType): boolean {
  return type.kind === "scalar" && type.type === "timestamp";
}

/** With its article: `a string`, `a list`. */
export function describeType(type: StaticType): string {
  if (isTime(type)) return "a timestamp";
  const family = familyOf(type);
  switch (family) {
    case "any":
      return "any value";
    case "null":
      return "null";
    case "object":
      return "an object";
    case "string":
    case "number":
    case "boolean":
    case "list":
    case "stage":
      return `a ${family}`;
    default:
      return unreachable(family);
  }
}

export function listOf(item: StaticType): StaticType {
  return { kind: "list", item: item.kind === "null" || item.kind === "stage" ? ANY : item, optional: true };
}

/** What values of either type have in common. */
export function joined(types: readonly StaticType[]): StaticType {
  const known = types.filter((type) => type.kind !== "null");
  const [first, ...others] = known;
  if (first === undefined) return NULL;
  return first.kind === "scalar" && others.every((type) => type.kind === "scalar" && type.type === first.type)
    ? first
    : ANY;
}

/** The declared type at the end of a path that starts at an event; null when the schema says that there is no such field. */
function typeAlong(schema: ObjectType | null, steps: readonly Step[]): FieldType | null {
  let type: FieldType = schema ?? ANY;
  for (const step of steps) {
    const next = typeAtStep(type, step);
    if (next === null) return null;
    type = next;
  }
  return type;
}

export function typeAtStep(type: FieldType, step: Step): FieldType | null {
  if (type.kind === "scalar") return type.type === "any" ? ANY : null;
  if (type.kind === "list") return typeof step === "number" ? type.item : null;
  return typeof step === "string" && Object.hasOwn(type.fields, step) ? type.fields[step]! : null;
}

/** A field declared `timestamp` may be text in the event; wherever it is read, it is epoch milliseconds. */
export function isTimestamp({ root, steps }: Path, scope: Scope): boolean {
  if (scope.schema === null || root.kind === "value") return false;
  const type = typeAlong(scope.schema, steps);
  return type !== null && isTime(type);
}

function scalar(type: ScalarType): FieldType {
  return { kind: "scalar", type, optional: true };
}
