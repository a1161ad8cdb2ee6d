/** What a `stream` block defines: each clause, or its default. */

import type { SchemaField, StreamBlock, StreamClause, TypeExpr } from "./ast.ts";
import { clauseOf } from "./clauses.ts";
import type { FieldType, ObjectType, StreamDefinition, WatermarkDefinition } from "./definition.ts";

const IDLE_MS_DEFAULT = 60_000;
const DEDUPE_MS_DEFAULT = 86_400_000;

/** What a stream is without any clause: one that only a rule names. */
export function undeclaredStream(name: string): StreamDefinition {
  return {
    name,
    time: null,
    watermark: { kind: "bounded", outOfOrdernessMs: 0 },
    idleMs: IDLE_MS_DEFAULT,
    late: "side",
    id: null,
    dedupeMs: null,
    schema: null,
    source: "",
  };
}

/** Of a block without errors. */
export function defineStream({ name, clauses, span }: StreamBlock, source: string): StreamDefinition {
  const defaults = undeclaredStream(name.text);
  const watermark = clauseOf(clauses, "watermark");
  const idle = clauseOf(clauses, "idle")?.after;
  const id = clauseOf(clauses, "id")?.path ?? null;
  const schema = clauseOf(clauses, "schema");
  return {
    name: name.text,
    time: clauseOf(clauses, "time")?.path ?? null,
    watermark: watermark === undefined ? defaults.watermark : watermarkOf(watermark),
    idleMs: idle === undefined ? defaults.idleMs : idle === "off" ? null : idle.ms,
    late: clauseOf(clauses, "late")?.policy ?? defaults.late,
    id,
    dedupeMs: id === null ? null : (clauseOf(clauses, "dedupe")?.within.ms ?? DEDUPE_MS_DEFAULT),
    schema: schema === undefined ? null : objectOf(schema.fields, false),
    source: source.slice(span.start, span.end),
  };
}

function watermarkOf(clause: Extract<StreamClause, { kind: "watermark" }>): WatermarkDefinition {
  switch (clause.strategy) {
    case "bounded":
      return { kind: "bounded", outOfOrdernessMs: clause.bound.ms };
    case "ascending":
      return { kind: "ascending" };
    case "punctuated":
      return { kind: "punctuated", where: clause.where };
  }
}

function objectOf(fields: readonly SchemaField[], optional: boolean): ObjectType {
  // From entries, since a field may be named `__proto__`.
  return {
    kind: "object",
    fields: Object.fromEntries(fields.map(({ name, type }) => [name.text, typeOf(type)])),
    optional,
  };
}

function typeOf(type: TypeExpr): FieldType {
  switch (type.kind) {
    case "scalar":
      return { kind: "scalar", type: type.type, optional: type.optional };
    case "list":
      return { kind: "list", item: typeOf(type.item), optional: type.optional };
    case "object":
      return objectOf(type.fields, type.optional);
  }
}
