/** Streams that no block describes, and what several streams have in common for a rule that reads them all. */

import type { FieldType, ObjectType, StreamDefinition } from "../lang/definition.ts";

const MINUTE_MS = 60_000;

/** A stream that is only named by a rule has the defaults of dsl.md. */
export function undeclaredStream(name: string): StreamDefinition {
  return {
    name,
    time: null,
    watermark: { kind: "bounded", outOfOrdernessMs: 0 },
    idleMs: MINUTE_MS,
    late: "side",
    id: null,
    dedupeMs: null,
    schema: null,
    source: "",
  };
}

/** The fields that one of the streams declares, all of them optional; null (any field) where a stream has no schema. */
export function commonSchema(streams: readonly StreamDefinition[]): ObjectType | null {
  if (streams.length === 1) return streams[0]!.schema;
  const fields: Record<string, FieldType> = {};
  for (const { schema } of streams) {
    if (schema === null) return null;
    for (const [name, type] of Object.entries(schema.fields)) {
      const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
      fields[name] =
        known === undefined || sameType(known, type)
          ? { ...type, optional: true }
          : { kind: "scalar", type: "any", optional: true };
    }
  }
  return { kind: "object", fields, optional: false };
}

function sameType(a: FieldType, b: FieldType): boolean {
  return JSON.stringify({ ...a, optional: true }) === JSON.stringify({ ...b, optional: true });
}
