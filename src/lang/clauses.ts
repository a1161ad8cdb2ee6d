/** Clauses of a block: each kind stands there at most once, whatever the order. */

import type { Diagnostic } from "./diagnostic.ts";
import { report } from "./report.ts";
import type { Span } from "./span.ts";

interface Clause {
  readonly kind: string;
  readonly span: Span;
}

/** The first clause of a kind. */
export function clauseOf<C extends Clause, Kind extends C["kind"]>(
  clauses: readonly C[],
  kind: Kind,
): Extract<C, { kind: Kind }> | undefined {
  return clauses.find((clause): clause is Extract<C, { kind: Kind }> => clause.kind === kind);
}

export function* repeatedClauses<C extends Clause>(
  clauses: readonly C[],
  { words }: { readonly words: Readonly<Record<C["kind"], string>> },
): Iterable<Diagnostic> {
  const lines = new Map<string, number>();
  for (const { kind, span } of clauses) {
    const line = lines.get(kind);
    if (line === undefined) lines.set(kind, span.line);
    else {
      yield report(span, {
        code: "E101",
        message: `\`${words[kind as C["kind"]]}\` is given twice`,
        hint: `it is on line ${line} already`,
      });
    }
  }
}

/** Names that a list gives twice: entries, fields, streams, destinations. */
export function* repeatedNames(
  names: readonly { readonly text: string; readonly span: Span }[],
  { what }: { readonly what: string },
): Iterable<Diagnostic> {
  const seen = new Set<string>();
  for (const { text, span } of names) {
    if (seen.has(text)) yield report(span, { code: "E132", message: `${what} \`${text}\` is given twice` });
    seen.add(text);
  }
}
