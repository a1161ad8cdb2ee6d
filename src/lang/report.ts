/** Diagnostics at a place. */

import type { Diagnostic } from "./diagnostic.ts";
import type { DiagnosticCode } from "./diagnostic-codes.ts";
import type { Span } from "./span.ts";

export interface Finding<Code extends string> {
  /** Its first letter tells errors from warnings. */
  readonly code: Code;
  readonly message: string;
  readonly hint?: string | null | undefined;
}

export function report(span: Span, finding: Finding<DiagnosticCode>): Diagnostic {
  return diagnosticAt(span, finding);
}

/** `report` for those who have codes of their own. */
export function diagnosticAt(
  { line, column, endLine, endColumn }: Span,
  { code, message, hint }: Finding<string>,
): Diagnostic {
  return {
    code,
    severity: code.startsWith("E") ? "error" : "warning",
    message,
    line,
    column,
    endLine,
    endColumn,
    ...(hint === null || hint === undefined ? {} : { hint }),
  };
}

/** "`a`, `b` or `c`" */
export function listed(items: readonly string[], conjunction: "or" | "and" = "or"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${conjunction} ${items.at(-1)!}`;
}
