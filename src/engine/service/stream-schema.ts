/** What several streams have in common, for a rule that reads them all. */

import type { FieldType, ObjectType, StreamDefinition } from "../../lang/definition.ts";

/** The fields that one of the streams declares, all of them optional; null (any field) where a stream has no schema. */
export function commonSchema(streams: readonly StreamDefinition[]): ObjectType | null {
  if (streams.length === 1) return streams[0]!.schema;
  const fields = new Map<string, FieldType>(); // a field may be called `__proto__`
  for (const { schema } of streams) {
    if (schema === null) return null;
    for (const [name, type] of Object.entries(schema.fields)) {
      const known = fields.get(name);
      const same = known === undefined || sameType(known, type);
      fields.set(name, same ? { ...type, optional: true } : { kind: "scalar", type: "any", optional: true });
    }
  }
  return { kind: "object", fields: Object.fromEntries(fields), optional: false };
}

function sameType(a: FieldType, b: FieldType): boolean {
  return JSON.stringify({ ...a, optional: true }) === JSON.stringify({ ...b, optional: true });
}
