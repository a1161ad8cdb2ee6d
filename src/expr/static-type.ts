/** Static types: what is known of an expression's value before there is one. Without a schema, every field is `any`. */

import type { FieldType, ObjectType } from "../lang/definition.ts";
import type { Step } from "./field.ts";
import type { Path } from "./path.ts";
import type { Scope } from "./types.ts";

export const ANY: FieldType = { kind: "scalar", type: "any", optional: true };

/** The declared type at the end of a path that starts at an event; null when the schema says that there is no such field. */
export function typeAlong(schema: ObjectType | null, steps: readonly Step[]): FieldType | null {
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
  return type?.kind === "scalar" && type.type === "timestamp";
}
