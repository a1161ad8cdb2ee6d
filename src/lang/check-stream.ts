/** What can be wrong with a `stream` block. */

import type { SchemaField, StreamBlock, StreamClause, TypeExpr } from "./ast.ts";
import { clauseOf, repeatedClauses, repeatedNames } from "./clauses.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { report } from "./report.ts";

const WORDS: Readonly<Record<StreamClause["kind"], string>> = {
  time: "time",
  watermark: "watermark",
  idle: "idle",
  late: "late",
  id: "id",
  dedupe: "dedupe",
  schema: "schema",
};

export function* checkStream({ clauses }: StreamBlock): Iterable<Diagnostic> {
  yield* repeatedClauses(clauses, { words: WORDS });
  for (const clause of clauses) {
    if (clause.kind === "schema") yield* checkFields(clause.fields);
    if (clause.kind === "idle" && clause.after !== "off" && clause.after.ms === 0) {
      yield report(clause.after.span, {
        code: "E133",
        message: "a partition is idle after some silence, not after none",
        hint: "give a duration, or `idle off`",
      });
    }
    if (clause.kind === "dedupe" && clause.within.ms === 0) {
      yield report(clause.within.span, {
        code: "E133",
        message: "`dedupe 0s` would remember nothing",
        hint: "give a duration; without the clause it is `1d`",
      });
    }
  }
  const dedupe = clauseOf(clauses, "dedupe");
  if (dedupe !== undefined && clauseOf(clauses, "id") === undefined) {
    yield report(dedupe.span, {
      code: "E134",
      message: "`dedupe` needs to know what an event's identity is",
      hint: "add `id` and the field that is unique to each event",
    });
  }
}

function* checkFields(fields: readonly SchemaField[]): Iterable<Diagnostic> {
  yield* repeatedNames(
    fields.map(({ name }) => name),
    { what: "the field" },
  );
  for (const { type } of fields) yield* checkType(type);
}

function* checkType(type: TypeExpr): Iterable<Diagnostic> {
  if (type.kind === "list") yield* checkType(type.item);
  if (type.kind === "object") yield* checkFields(type.fields);
}
