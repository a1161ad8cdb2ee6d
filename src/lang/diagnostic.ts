/** A diagnostic: what is wrong with a rule text, where, and what to do about it. Its codes are listed in diagnostic-codes.ts. */

export interface Diagnostic {
  /** `E103`, `W201`: stable, part of the API. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What to try: stands after the underline. */
  readonly hint?: string;
}
